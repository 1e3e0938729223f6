# What a host is like: one record a finding, fields parted by tabs. Changes nothing.

probe_host() {
    # shellcheck source=/dev/null
    ( . /etc/os-release 2>/dev/null
        # As minor releases are found: CentOS 7 keeps them out of os-release.
        release=$(cat /etc/centos-release /etc/redhat-release /etc/system-release 2>/dev/null | head -n 1)
        libc=$(getconf GNU_LIBC_VERSION 2>/dev/null || ldd --version 2>&1 | head -n 1)
        hp_say host "${ID:-}" "${VERSION_ID:-}" "${release:-${PRETTY_NAME:-}}" "$(uname -m)" "$(uname -r)" "$libc" \
            "$(cat /proc/1/comm)" "$(id -u)" "$(hostname)" )
    for d in /usr/local /var/lib; do hp_say space "$d" "$(df -Pk "$d" | awk 'NR == 2 { print $4 }')"; done
    for t in yum rpm systemctl firewall-cmd ip killall; do
        if hp_have "$t"; then hp_say tool "$t" yes; else hp_say tool "$t" no; fi
    done
    if hp_have getenforce; then hp_say selinux "$(getenforce)"; fi
    ip -o addr show | while read -r _ nic family cidr _; do hp_say address "$nic" "$family" "$cidr"; done
    ip -o link show | while read -r line; do
        nic=$(printf '%s\n' "$line" | sed 's/^[0-9]*: \([^:@]*\).*/\1/')
        mac=$(printf '%s\n' "$line" | sed -n 's/.*link\/ether \([0-9a-f:]*\).*/\1/p')
        hp_say nic "$nic" "$mac"
    done
}

# probe_file PATH content|state: type, mode, owner, group, size, digest or link target; content up to 256 KB in base64.
probe_file() {
    if [ -L "$1" ]; then
        hp_say file "$1" link 0777 "$(stat -c '%U' -- "$1")" "$(stat -c '%G' -- "$1")" 0 "$(readlink -- "$1")"
    elif [ -f "$1" ]; then
        hp_say file "$1" file "$(stat -c "%a${hp_tab}%U${hp_tab}%G${hp_tab}%s" -- "$1")" "$(hp_sha256 "$1")"
        if [ "$2" = content ] && [ "$(stat -c %s -- "$1")" -le 262144 ]; then
            hp_say content "$1" "$(base64 <"$1" | tr -d '\n')"
        fi
    elif [ -d "$1" ]; then
        hp_say file "$1" directory "$(stat -c "%a${hp_tab}%U${hp_tab}%G" -- "$1")" 0 ''
    else
        hp_say file "$1" absent
    fi
}

# probe_owners PATH…: which of these files belong to an RPM.
probe_owners() {
    hp_have rpm || return 0
    n=$#
    while [ "$n" -gt 0 ]; do
        [ ! -f "$1" ] || set -- "$@" "$1"
        shift
        n=$((n - 1))
    done
    probe_rpm owner --file "$@"
}

# probe_packages NAME…: what provides these; empty where nothing does.
probe_packages() {
    hp_have rpm || return 0
    probe_rpm package --whatprovides "$@"
}

# probe_rpm WORD OPTION NAME…: one question for all names where rpm gives one line a name, as it does unless several packages
# answer for one; else a question a name.
probe_rpm() {
    word=$1 option=$2
    shift 2
    [ $# -gt 0 ] || return 0
    answers=$(rpm -q "$option" --qf '%{NAME}-%{VERSION}-%{RELEASE}\n' "$@" 2>/dev/null)
    if [ "$(printf '%s\n' "$answers" | wc -l)" -eq $# ]; then
        printf '%s\n' "$answers" | while IFS= read -r answer; do
            case $answer in *' '*) [ "$word" != package ] || hp_say "$word" "$1" '' ;; *) hp_say "$word" "$1" "$answer" ;; esac
            shift
        done
        return
    fi
    for name in "$@"; do
        answer=$(rpm -q "$option" --qf '%{NAME}-%{VERSION}-%{RELEASE}\n' "$name" 2>/dev/null | head -n 1)
        case $answer in *' '*) answer='' ;; esac
        if [ -n "$answer" ] || [ "$word" = package ]; then hp_say "$word" "$name" "$answer"; fi
    done
}

# probe_repositories: every enabled repository, the host it is fetched from, and whether that can be reached at all.
probe_repositories() {
    for f in /etc/yum.repos.d/*.repo; do
        [ -r "$f" ] || continue
        awk -F= '
            function flush() { if (id != "" && enabled != 0) print id "\t" url; id = ""; url = ""; enabled = 1 }
            /^[ \t]*[#;]/ { next }
            /^\[/ { flush(); id = substr($0, 2, index($0, "]") - 2); next }
            { key = $1; gsub(/[ \t]/, "", key); value = substr($0, index($0, "=") + 1); gsub(/^[ \t]+|[ \t]+$/, "", value) }
            key == "enabled" { enabled = (value ~ /^(0|no|false)/) ? 0 : 1 }
            (key == "baseurl" || key == "mirrorlist" || key == "metalink") && (url == "" || key == "baseurl") { url = value }
            END { flush() }' "$f"
    done | while IFS="$hp_tab" read -r id url; do
        case $url in
        file://*)
            d=${url#file://}
            if [ -e "$d/repodata/repomd.xml" ]; then hp_say repository "$id" "$url" yes; else hp_say repository "$id" "$url" no; fi
            ;;
        *)
            h=$(printf '%s\n' "$url" | sed 's,^[a-z]*://,,; s,[:/].*,,')
            if [ -n "$h" ] && timeout 5 getent hosts "$h" >/dev/null 2>&1; then
                hp_say repository "$id" "$url" yes
            else
                hp_say repository "$id" "$url" no
            fi
            ;;
        esac
    done
}

# probe_unit UNIT: load state, active state, unit file state, main process, where it comes from, whether systemd knows an
# older file, the init script that it was made from, and whether an init script of its name starts at boot.
probe_unit() {
    systemctl show -p LoadState -p ActiveState -p UnitFileState -p MainPID -p FragmentPath -p NeedDaemonReload -p SourcePath \
        "$1" 2>/dev/null | (
        load='' active='' enabled='' main='' path='' stale='' source='' boot=no
        while IFS='=' read -r k v; do
            case $k in
            LoadState) load=$v ;; ActiveState) active=$v ;; UnitFileState) enabled=$v ;; MainPID) main=$v ;;
            FragmentPath) path=$v ;; NeedDaemonReload) stale=$v ;; SourcePath) source=$v ;;
            esac
        done
        case $source in */init.d/*) ;; *) source='' ;; esac
        case $(service_links "$1") in */S[0-9][0-9]*) boot=yes ;; esac
        hp_say unit "$1" "$load" "$active" "$enabled" "$main" "$path" "$stale" "$source" "$boot"
    )
}

# probe_sysctl KEY
probe_sysctl() { hp_say sysctl "$1" "$(tr -s '\t ' ' ' <"$(sysctl_path "$1")" 2>/dev/null)"; }

# probe_user NAME
probe_user() {
    getent passwd "$1" | while IFS=: read -r n _ uid gid _ home shell; do hp_say user "$n" "$uid" "$gid" "$home" "$shell"; done
    getent group "$1" | while IFS=: read -r n _ gid _; do hp_say group "$n" "$gid"; done
}

# probe_archive NAME PREFIX: what was installed, and whether each of its files is still as it was installed; where nothing
# was, how many files are there all the same.
probe_archive() {
    i=$hp_home/installed/$1
    if [ ! -e "$i/build" ]; then
        hp_say archive "$1" '' absent "$(find "$2/" ! -type d 2>/dev/null | head -n 1000 | wc -l)"
        return
    fi
    if ( cd "$2" 2>/dev/null && sha256sum -c --quiet "$i/files" >/dev/null 2>&1 ); then s=intact; else s=modified; fi
    hp_say archive "$1" "$(cat "$i/build")" "$s"
}

# probe_firewall NIC: the NIC's zone, and what is open in it now and after a restart. firewall-cmd takes a second a call
# on a small host, its D-Bus interface a hundredth of that.
probe_firewall() {
    if ! hp_have firewall-cmd || ! systemctl -q is-active firewalld; then hp_say firewall inactive ''; return; fi
    zone=$(probe_firewalld .zone getZoneOfInterface s "$1" | sed -n 's/^s "\(.*\)"$/\1/p')
    [ -n "$zone" ] || zone=$(probe_firewalld '' getDefaultZone | sed -n 's/^s "\(.*\)"$/\1/p')
    if [ -z "$zone" ]; then
        zone=$(firewall-cmd --get-zone-of-interface="$1" 2>/dev/null) || zone=$(firewall-cmd --get-default-zone)
        hp_say firewall active "$zone"
        probe_zone runtime --zone="$zone" --list-all
        probe_zone permanent --permanent --zone="$zone" --list-all
        return
    fi
    hp_say firewall active "$zone"
    # aas 1 2 "80" "tcp"
    probe_firewalld .zone getPorts s "$zone" | grep -o '"[0-9-]*" "[a-z]*"' | tr -d '"' | while read -r port protocol; do
        hp_say firewall-rule runtime "port=$port/$protocol"
    done
    # as 1 "rule protocol value=\"vrrp\" accept"
    probe_firewalld .zone getRichRules s "$zone" | sed 's/^as [0-9]* //; s/" "/"\n"/g' | while IFS= read -r rule; do
        rule=$(printf '%s\n' "$rule" | sed 's/^"//; s/"$//; s/\\"/"/g')
        case $rule in rule*) hp_say firewall-rule runtime "rich-rule=$rule" ;; esac
    done
    for f in "/etc/firewalld/zones/$zone.xml" "/usr/lib/firewalld/zones/$zone.xml"; do
        [ -r "$f" ] || continue
        { tr -s ' \t\n' ' ' <"$f" && echo; } | sed 's/> </></g; s/ \/>/\/>/g; s/<port /\n&/g; s/<rule/\n&/g' | sed -n \
            -e 's/^<port protocol="\([a-z]*\)" port="\([0-9-]*\)".*/port=\2\/\1/p' \
            -e 's/^<port port="\([0-9-]*\)" protocol="\([a-z]*\)".*/port=\1\/\2/p' \
            -e 's/^<rule><protocol value="\([a-z0-9-]*\)"\/><accept\/><\/rule>.*/rich-rule=rule protocol value="\1" accept/p' |
            while IFS= read -r rule; do hp_say firewall-rule permanent "$rule"; done
        break
    done
}
probe_firewalld() {
    hp_have busctl || return 0
    interface=$1
    shift
    busctl call org.fedoraproject.FirewallD1 /org/fedoraproject/FirewallD1 "org.fedoraproject.FirewallD1$interface" "$@" \
        2>/dev/null
}
probe_zone() {
    where=$1
    shift
    firewall-cmd "$@" 2>/dev/null | while IFS= read -r line; do
        case $line in
        *' ports: '*) for r in ${line#*ports: }; do hp_say firewall-rule "$where" "port=$r"; done ;;
        *'rule '*) hp_say firewall-rule "$where" "rich-rule=rule ${line#*rule }" ;;
        esac
    done
}

# probe_reach ADDRESS PORT
probe_reach() { if health_connects "$1" "$2"; then hp_say reach "$1:$2" yes; else hp_say reach "$1:$2" no; fi; }

# probe_neighbour ADDRESS NIC PEER…: the hardware address that answers for the VIP, unless this host holds it, or one of
# the PEERs: balancers that are not asked themselves.
probe_neighbour() {
    case " $(ip -o -4 addr show | awk '{ print $4 }' | cut -d/ -f1 | tr '\n' ' ') " in *" $1 "*) return ;; esac
    vip=$1 nic=$2 m=$(probe_hardware "$1" "$2")
    [ -n "$m" ] || return 0
    shift 2
    for p in "$@"; do [ "$(probe_hardware "$p" "$nic")" != "$m" ] || return 0; done
    hp_say neighbour "$vip" "$m"
}

# probe_hardware ADDRESS NIC: the hardware address that answers for an address; nothing where none does.
probe_hardware() {
    if hp_have arping; then
        arping -c 2 -w 2 -f -I "$2" "$1" 2>/dev/null | sed -n 's/.*\[\([0-9A-Fa-f:]*\)\].*/\1/p'
    else
        ip neigh flush to "$1" dev "$2" 2>/dev/null
        ping -c 1 -W 1 "$1" >/dev/null 2>&1
        ip neigh show to "$1" dev "$2" | sed -n 's/.*lladdr \([0-9a-f:]*\).*/\1/p'
    fi | head -n 1 | tr A-F a-f
}

# probe_vip ADDRESS CONFIGURATION UNIT…: whether this host holds the VIP, whether any of the UNITs runs, and whether the
# configuration that they read names the VIP.
probe_vip() {
    if ip -o -4 addr show | grep -qwF -e "$1"; then hp_say holds; fi
    if [ -r "$2" ] && grep -qwF -e "$1" "$2"; then hp_say configured; fi
    shift 2
    for u in "$@"; do if systemctl -q is-active "$u"; then hp_say engine; fi; done
}

# probe_journal: every run that this host knows, and who holds the lock. Few processes: journals grow.
probe_journal() {
    for r in "$hp_home"/runs/*; do
        [ -r "$r/meta" ] || continue
        cluster='' command='' operator='' started='' result='' finished=''
        while IFS='=' read -r k v; do
            case $k in
            cluster) cluster=$v ;; command) command=$v ;; operator) operator=$v ;; started) started=$v ;;
            result) result=$v ;; finished) finished=$v ;;
            host)
                # shellcheck disable=SC2086 # its words
                hp_say member "${r##*/}" $v
                ;;
            esac
        done <"$r/meta"
        set -- "$r"/[0-9]*/state
        if [ -e "$1" ]; then total=$# undone=$(cat "$@" | grep -c '^undone$'); else total=0 undone=0; fi
        hp_say run "${r##*/}" "$cluster" "$command" "$operator" "$started" "$result" "$finished" "$total" "$undone"
        [ "$command" != apply ] || case $result in '' | failed) probe_left "${r##*/}" ;; esac
    done
    if [ -d "$hp_home/lock" ]; then hp_say_lock lock; fi
}

# probe_left RUN: what a run has made that did not end well: services may not have taken it up yet.
probe_left() {
    for c in "$hp_home/runs/$1"/[0-9]*; do
        case $(cat "$c/state" 2>/dev/null) in
        started | 'done') hp_say left "$1" "$(cat "$c/function")" "$(cat "$c/resource")" ;;
        esac
    done
}

# probe_run RUN: its changes.
probe_run() {
    for c in "$hp_home/runs/$1"/[0-9]*; do
        [ -d "$c" ] || continue
        hp_say entry "$1" "${c##*/}" "$(cat "$c/state" 2>/dev/null)" "$(cat "$c/function")" "$(cat "$c/resource")" \
            "$(cat "$c/summary")" "$(tr '\n' '\036' <"$c/args")"
    done
}
