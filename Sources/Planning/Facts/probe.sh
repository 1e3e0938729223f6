# What a host is like: one record a finding, fields parted by tabs. Changes nothing.

# Where a system says what it is.
probe_etc=/etc

# probe_host TOOL…: these, which package managers are made of, are looked for beside those that every host needs.
probe_host() {
    managers=
    for t in "$@"; do ! hp_have "$t" || managers="$managers${managers:+ }$t"; done
    # shellcheck source=/dev/null
    ( [ ! -r "$probe_etc/os-release" ] || . "$probe_etc/os-release"
        # As minor releases are found: CentOS 7 keeps them out of os-release.
        release=$(cat "$probe_etc/centos-release" "$probe_etc/redhat-release" "$probe_etc/system-release" 2>/dev/null | head -n 1)
        libc=$(getconf GNU_LIBC_VERSION 2>/dev/null || ldd --version 2>&1 | head -n 1)
        hp_say host "${ID:-}" "${VERSION_ID:-}" "${release:-${PRETTY_NAME:-}}" "$(uname -m)" "$(uname -r)" "$libc" \
            "$(cat /proc/1/comm)" "$(id -u)" "$(hostname)" "${ID_LIKE:-}" "$managers" )
    for d in /usr/local /var/lib; do hp_say space "$d" "$(df -Pk "$d" | awk -v t="$hp_tab" 'NR == 2 { print $4 t $6 }')"; done
    for t in "$@" systemctl firewall-cmd ip killall; do
        if hp_have "$t"; then hp_say tool "$t" yes; else hp_say tool "$t" no; fi
    done
    if hp_have getenforce; then hp_say selinux "$(getenforce)"; fi
    probe_addresses
    ip -o link show | while read -r line; do
        nic=$(printf '%s\n' "$line" | sed 's/^[0-9]*: \([^:@]*\).*/\1/')
        mac=$(printf '%s\n' "$line" | sed -n 's/.*link\/ether \([0-9a-f:]*\).*/\1/p')
        flags=$(printf '%s\n' "$line" | sed -n 's/^[^<]*<\([^>]*\)>.*/\1/p')
        hp_say nic "$nic" "$mac" "$flags"
    done
}

# probe_addresses: every address that this host has.
probe_addresses() { hp_addresses | while read -r nic family cidr; do hp_say address "$nic" "$family" "$cidr"; done; }

# probe_reach ADDRESS PORT: whether something answers there, and within how many milliseconds.
probe_reach() {
    hp_before=$(fitness_now)
    if ! health_connects "$1" "$2"; then
        hp_say reach "$1:$2" no
        return
    fi
    hp_after=$(fitness_now)
    hp_say reach "$1:$2" yes "$((${hp_after:-0} - ${hp_before:-0}))"
}

# probe_vip ADDRESS CONFIGURATION UNIT…: whether this host holds the VIP and on which NIC, whether any of the UNITs runs, and whether the
# configuration that they read names the VIP.
probe_vip() {
    hp_say_holds "$1"
    if [ -r "$2" ] && grep -qwF -e "$1" "$2"; then hp_say configured; fi
    shift 2
    for u in "$@"; do if systemctl -q is-active "$u"; then hp_say engine; fi; done
}

# probe_serves UNIT: whether HAProxy runs.
probe_serves() { if systemctl -q is-active "$1"; then hp_say serves; fi; }

# probe_journal: every run that this host knows, and who holds the lock. Few processes: journals grow.
probe_journal() {
    for r in "$hp_home"/runs/*; do
        [ -r "$r/meta" ] || continue
        cluster='' command='' operator='' started='' result='' finished='' format='' functions='' reason='' folded=''
        wanted='' without=''
        while IFS='=' read -r k v; do
            case $k in
            cluster) cluster=$v ;; command) command=$v ;; operator) operator=$v ;; started) started=$v ;;
            result) result=$v ;; finished) finished=$v ;; format) format=$v ;; functions) functions=$v ;;
            reason) reason=$v ;; folded) folded=$v ;; wanted) wanted=$v ;; without) without=$v ;;
            host)
                # shellcheck disable=SC2086 # its words
                hp_say member "${r##*/}" $v
                ;;
            esac
        done <"$r/meta"
        total=0 undone=0
        for c in "$r"/[0-9]*; do
            hp_read_state "$c"
            case $hp_stage in '') continue ;; undone) undone=$((undone + 1)) ;; esac
            total=$((total + 1))
        done
        hp_say run "${r##*/}" "$cluster" "$command" "$operator" "$started" "$result" "$finished" "$total" "$undone" "$format" "$functions" \
            "$reason" "$folded" "$wanted" "$without"
        [ "$command" != apply ] || case $result in '' | failed) probe_left "${r##*/}" ;; esac
    done
    probe_lock
}

# probe_lock: who is at work here.
probe_lock() { if [ -d "$hp_home/lock" ]; then hp_say_lock lock; fi; }

# probe_left RUN: what a run has made that did not end well: services may not have taken it up yet.
probe_left() {
    for c in "$hp_home/runs/$1"/[0-9]*; do
        hp_read_state "$c"
        case $hp_stage in
        started | 'done') hp_say left "$1" "$(cat "$c/function")" "$(cat "$c/resource")" ;;
        esac
    done
}

# hp_read_state DIR: $hp_stage is what the journal says of a change; empty where it was not begun. $hp_began and $hp_ended say when
# it was begun and when it came to that. No process: journals grow. A line without its end was torn when the power went.
hp_read_state() {
    hp_stage='' hp_began='' hp_ended=''
    [ -e "$1/state" ] || return 0
    while read -r hp_word hp_when; do
        case $hp_word in
        saved | 'done' | failed | undoing | undone) ;;
        started) hp_began=$hp_when ;;
        *) continue ;;
        esac
        hp_stage=$hp_word hp_ended=$hp_when
    done <"$1/state"
}

# probe_run RUN: its changes.
probe_run() {
    for c in "$hp_home/runs/$1"/[0-9]*; do
        [ -d "$c" ] || continue
        hp_read_state "$c"
        hp_say entry "$1" "${c##*/}" "$hp_stage" "$(cat "$c/function")" "$(cat "$c/resource")" \
            "$(cat "$c/summary")" "$(tr '\n' '\036' <"$c/args")" "$hp_began" "$hp_ended"
    done
}

# probe_diffs RUN: what its changes changed in files.
probe_diffs() {
    for c in "$hp_home/runs/$1"/[0-9]*; do
        [ ! -s "$c/diff" ] || hp_say diff "$1" "${c##*/}" "$(base64 <"$c/diff" | tr -d '\n')"
    done
}
