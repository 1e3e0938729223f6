[ -n "${hp_home+x}" ] || hp_home=/var/lib/haprov
[ -n "${hp_tab+x}" ] || hp_tab=$(printf '\t')
hp_say() {
    hp_record="@$1"
    shift
    for hp_field in "$@"; do hp_record="$hp_record$hp_tab$hp_field"; done
    printf '%s\n' "$hp_record"
}
hp_die() {
    hp_say die "$1"
    exit 1
}
hp_have() { command -v "$1" >/dev/null 2>&1; }
hp_put() {
    hp_file=$1
    shift
    if { hp_lines "$@" >"$hp_file"; } 2>/dev/null; then return 0; fi
    hp_words=$(hp_lines "$@" | dd of="$hp_file" 2>&1 >/dev/null) && return 0
    hp_words="cannot write to $hp_file: $(hp_reason)"
    return 1
}
hp_lines() { [ $# -eq 0 ] || printf '%s\n' "$@"; }
hp_reason() { printf '%s\n' "$hp_words" | sed -n '1s/.*: //p'; }
hp_write() { hp_put "$@" || hp_die "$hp_words"; }
hp_keep() { hp_put "$@" || { printf '%s\n' "$hp_words"; return 1; }; }
hp_sha256() { sha256sum <"$1" | cut -d' ' -f1; }
hp_copy() { cp -a -- "$1" "$2"; }
hp_restore() {
    hp_sweep "$(dirname -- "$1")"
    if [ -e "$2/absent" ]; then
        rm -f -- "$1"
        return
    fi
    hp_put_back "$2/image" "$1" "$(dirname -- "$1")/.haprov-restore.$$"
}
hp_put_back() {
    [ -e "$1" ] || [ -L "$1" ] || return 1
    if hp_same "$1" "$2"; then
        [ -L "$2" ] || touch -r "$1" -- "$2" 2>/dev/null || :
        return 0
    fi
    rm -rf -- "$3"
    if hp_copy "$1" "$3" && mv -fT -- "$3" "$2"; then return 0; fi
    rm -rf -- "$3"
    return 1
}
hp_same() {
    [ "$(hp_looks "$1")" = "$(hp_looks "$2")" ] || return 1
    if [ -L "$1" ]; then [ "$(readlink -- "$1")" = "$(readlink -- "$2")" ]; else [ -f "$1" ] && cmp -s -- "$1" "$2"; fi
}
hp_looks() { stat -c '%F %a %u %g %s' -- "$1" 2>/dev/null; }
hp_sweep() { rm -rf -- "$1"/.haprov-new.* "$1"/.haprov-restore.*; }
hp_label() {
    if hp_have restorecon && hp_have selinuxenabled && selinuxenabled; then restorecon -F -- "$1" || :; fi
}
hp_wait() {
    hp_until=$(($(date +%s) + $1))
    shift
    until "$@"; do
        [ "$(date +%s)" -lt "$hp_until" ] || return 1
        sleep 0.1
    done
}
hp_within() {
    hp_limit=$1 hp_ended=0
    shift
    timeout -k 3 "$hp_limit" "$@" || hp_ended=$?
    [ "$hp_ended" -ne 137 ] || hp_ended=124
    return "$hp_ended"
}
[ -n "${package_format+x}" ] || package_format='%{NAME}-%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}.%{ARCH}\n'
package_list() { rpm -qa --qf "$package_format" | sort; }
yum_program() { if hp_have yum; then yum "$@"; else dnf "$@"; fi; }
package_list_then() {
    limit=$(($(stat -c %Y "$e/log") + 300))
    rpm -qa --qf "%{INSTALLTIME} $package_format" |
        awk -v limit="$limit" '$1 <= limit { print $2 }' | sort
}
package_erase() {
    names=$(sed 's/-[0-9]*:\([^-]*-[^-]*\)$/-\1/' "$1")
    shift
    rpm -e "$@" $names
}
package_remove() {
    package_erase "$e/remove" --test || return 1
    yum_program -y '--disablerepo=*' --setopt=clean_requirements_on_remove=0 --setopt=exit_on_lock=1 \
        remove $(cat "$e/remove") </dev/null || :
    package_list | comm -12 - "$e/remove" >"$e/rest"
    [ ! -s "$e/rest" ] || package_erase "$e/rest"
}
package_spare() {
    : >"$e/needed"
    rm -f "$e/needing"
    until [ ! -s "$e/remove" ] || package_erase "$e/remove" --test >"$e/refusal" 2>&1; do
        [ -e "$e/needing" ] || sed -n 's/.* is needed by (installed) //p' "$e/refusal" | sort -u >"$e/needing"
        awk '/ is needed by \(installed\) / { print $1 }' "$e/refusal" | sort -u |
            while read -r thing; do rpm -q --whatprovides --qf "$package_format" "$thing" || :; done |
            sort -u | comm -12 - "$e/remove" >"$e/more"
        [ -s "$e/more" ] || return 0
        cat "$e/more" >>"$e/needed"
        comm -23 "$e/remove" "$e/more" >"$e/rest"
        mv -f "$e/rest" "$e/remove"
    done
}
package_new() {
    awk 'function key(p, arch) { arch = p; sub(/.*\./, "", arch); sub(/-[^-]*-[^-]*$/, "", p); return p "." arch }
        FILENAME == ARGV[1] { old[key($0)]; next }
        !(key($0) in old)' "$1" "$2"
}
package_install_undo() {
    rm -f "$e/note"
    package_list >"$e/now"
    [ -e "$e/before/after" ] || package_list_then >"$e/before/after"
    comm -13 "$e/before/packages" "$e/before/after" | comm -12 - "$e/now" >"$e/brought"
    comm -23 "$e/before/packages" "$e/before/after" >"$e/replaced"
    package_new "$e/replaced" "$e/brought" >"$e/remove"
    package_spare
    [ ! -s "$e/remove" ] || package_remove || return 1
    if [ -s "$e/needed" ]; then
        echo "these packages are kept, because others have come to need them ($(package_words "$e/needing")):" \
            "$(sort "$e/needed" | package_words)" >"$e/note"
    fi
    gone=$(comm -23 "$e/before/packages" "$e/before/after")
    [ -z "$gone" ] || echo "packages replaced by newer ones cannot be taken back: $gone" >>"$e/note"
    package_cache_undo
}
apt_list() {
    dpkg-query -W -f '${binary:Package} ${Version} ${db:Status-Status}\n' | sort
}
[ -n "${apt_policy_file+x}" ] || apt_policy_file=/usr/sbin/policy-rc.d
[ -n "${apt_policy+x}" ] || apt_policy='# Written by haprov while it installs packages: what they bring is not started.'
apt_policy_on() {
    if apt_policy_is_ours; then rm -f "$apt_policy_file"
    elif [ -e "$apt_policy_file" ] || [ -L "$apt_policy_file" ]; then mv -fT "$apt_policy_file" "$apt_policy_file.haprov" || return 1; fi
    hp_write "$apt_policy_file" '#!/bin/sh' "$apt_policy" ${1:+"$1"} 'exit 101'
    chmod 755 "$apt_policy_file"
}
apt_policy_off() {
    if [ -e "$apt_policy_file.haprov" ] || [ -L "$apt_policy_file.haprov" ]; then mv -fT "$apt_policy_file.haprov" "$apt_policy_file"
    elif apt_policy_is_ours; then rm -f "$apt_policy_file"; fi
}
apt_policy_is_ours() { [ ! -L "$apt_policy_file" ] && grep -qsxF "$apt_policy" "$apt_policy_file"; }
apt_dpkg() {
    apt_tries=300
    until dpkg "$@" >"$e/dpkg" 2>&1; do
        apt_tries=$((apt_tries - 1))
        if [ "$apt_tries" -eq 0 ] || ! grep -q 'lock was locked by another process' "$e/dpkg"; then
            cat "$e/dpkg"
            return 1
        fi
        sleep 2
    done
}
apt_remove() {
    apt_policy_on 'case $2 in stop) exit 0 ;; esac' || return 1
    apt_ended=0
    apt_dpkg "$@" || apt_ended=$?
    apt_policy_off
    return "$apt_ended"
}
[ -n "${apt_marks+x}" ] || apt_marks=/var/lib/apt/extended_states
apt_gone() { comm -23 "$e/before/packages" "$e/before/after" | sed -n 's/ installed$//p' | package_words; }
apt_list_then() {
    limit=$(($(stat -c %Y "$e/log") + 300))
    apt_list | while read -r name rest; do
        f=/var/lib/dpkg/info/$name.list
        [ -e "$f" ] || f=/var/lib/dpkg/info/${name%:*}.list
        came=$(stat -c %Y "$f" 2>/dev/null) || came=0
        [ "$came" -gt "$limit" ] || printf '%s %s\n' "$name" "$rest"
    done
}
apt_names() { cut -d ' ' -f 1 "$1" | sort; }
apt_spare() {
    : >"$e/needed"
    rm -f "$e/needing"
    while [ -s "$e/remove" ]; do
        xargs apt-get -q --simulate -o APT::Get::AutomaticRemove=false -o Debug::NoLocking=1 -o Dir::Cache::pkgcache= \
            -o Dir::Cache::srcpkgcache= purge <"$e/remove" 2>/dev/null |
            awk '$1 == "Purg" || $1 == "Remv" { print $2 }' | sort -u >"$e/going"
        sed 's/:.*//' "$e/remove" | sort -u >"$e/bare"
        sed 's/:.*//' "$e/going" | sort -u | comm -23 - "$e/bare" >"$e/others"
        [ -s "$e/others" ] || return 0
        [ -e "$e/needing" ] || cp "$e/others" "$e/needing"
        xargs dpkg-query -W -f '${Pre-Depends}, ${Depends}\n' <"$e/others" | apt_depended >"$e/wanted"
        dpkg-query -W -f '${binary:Package}|${Package}, ${Provides}\n' |
            awk -F '|' -v wanted="$e/wanted" '
                BEGIN { while ((getline name <wanted) > 0) is[name] = 1 }
                { n = split($2, names, /, */); for (i = 1; i <= n; i++) { sub(/[ (].*/, "", names[i]); if (names[i] in is) { print $1; next } } }' |
            sort -u | comm -12 - "$e/remove" >"$e/more"
        [ -s "$e/more" ] || return 0
        cat "$e/more" >>"$e/needed"
        comm -23 "$e/remove" "$e/more" >"$e/rest"
        mv -f "$e/rest" "$e/remove"
    done
}
apt_depended() { tr ',|' '[\n*]' | sed 's/^ *//; s/[ (:].*//' | grep -v '^$' | sort -u; }
apt_install_undo() {
    rm -f "$e/note"
    apt_remove --configure -a >/dev/null || :
    apt_list >"$e/now"
    [ -e "$e/before/after" ] || apt_list_then >"$e/before/after"
    apt_names "$e/now" >"$e/names"
    apt_names "$e/before/packages" >"$e/known"
    apt_names "$e/before/after" | comm -13 "$e/known" - | comm -12 - "$e/names" >"$e/remove"
    apt_spare
    accounts_gather "$e/accounts"
    [ ! -s "$e/remove" ] || apt_remove --purge --force-remove-reinstreq $(cat "$e/remove") || return 1
    grep ' config-files$' "$e/before/packages" | cut -d ' ' -f 1 | sort >"$e/revived"
    apt_list | grep ' installed$' | cut -d ' ' -f 1 | sort | comm -12 - "$e/revived" >"$e/revived.now"
    [ ! -s "$e/revived.now" ] || apt_remove --remove --force-remove-reinstreq $(cat "$e/revived.now") || return 1
    n=0
    while read -r name f; do
        n=$((n + 1))
        ! grep -qxF "$name" "$e/revived.now" || hp_restore "$f" "$e/before/conffile.$n" || return 1
    done <"$e/before/conffiles"
    accounts_undo
    rm -rf "$e/accounts" "$e/accounts.now"
    if [ -s "$e/needed" ]; then
        echo "these packages are kept, because others have come to need them ($(package_words "$e/needing")):" \
            "$(sort "$e/needed" | package_words)" >"$e/note"
    fi
    gone=$(apt_gone)
    [ -z "$gone" ] || echo "packages replaced by newer ones cannot be taken back: $gone" >>"$e/note"
    if apt_list | cmp -s - "$e/before/packages"; then hp_restore "$apt_marks" "$e/before/extended_states"; fi
    package_cache_undo
}
package_cache_undo() {
    [ -e "$e/before/ld.so.cache/image" ] || return 0
    ldconfig
    package_libraries /etc/ld.so.cache >"$e/libraries"
    new=$({ package_libraries "$e/before/ld.so.cache/image"; cat "$e/before/libraries" || :; } | sort -u | comm -13 - "$e/libraries")
    if [ -z "$new" ] && ! cmp -s /etc/ld.so.cache "$e/before/ld.so.cache/image"; then
        hp_restore /etc/ld.so.cache "$e/before/ld.so.cache"
    fi
}
package_libraries() { ldconfig -p -C "$1" | grep '=>' | sort; }
package_words() { cat "$@" | paste -sd' ' - | sed 's/ /, /g'; }
[ -n "${user_files+x}" ] || user_files='passwd group shadow gshadow subuid subgid'
[ -n "${user_etc+x}" ] || user_etc=/etc
user_give_back() {
    for f in $user_files; do
        hp_restore "$user_etc/$f" "$e/before/$f"
        hp_restore "$user_etc/$f-" "$e/before/$f-"
    done
}
user_touched() {
    ours="^$2:"
    if [ -e "$3" ] && grep -q "$ours" "$3"; then ours='^$'; fi
    [ "$(user_lines "$1" "$ours")" != "$(user_lines "$3" "$ours")" ]
}
user_lines() { [ ! -e "$1" ] || grep -v "$2" "$1" || :; }
user_add_undo() {
    touched=
    for f in $user_files; do
        if user_touched "$user_etc/$f" "$1" "$e/before/$f/image"; then touched="$touched /etc/$f"; fi
    done
    if [ -n "$touched" ]; then
        if getent passwd "$1" >/dev/null && ! grep -q "^$1:" "$e/before/passwd/image"; then userdel "$1"; fi
        if getent group "$1" >/dev/null && ! grep -q "^$1:" "$e/before/group/image"; then groupdel "$1"; fi
        echo "$touched had been changed since: $1 was removed by userdel" | sed 's/^ //' >"$e/note"
        return
    fi
    user_give_back
}
accounts_gather() {
    mkdir -p "$1"
    for f in $user_files; do
        if [ -n "${2:-}" ]; then f=$e/before/$f$2; else f=$user_etc/$f; fi
        [ ! -e "$f" ] || hp_copy "$f" "$1/$(basename "${f%"${2:-}"}")" || return 1
    done
}
accounts_differ() {
    for f in $user_files; do
        [ "$(grep -sv -f "$2" "$1/$f" | sort)" = "$(grep -sv -f "$2" "$e/before/$f/image" | sort)" ] || return 0
    done
    return 1
}
accounts_undo() {
    [ -e "$e/before/passwd" ] || return 0
    accounts_gather "$e/accounts.now"
    [ -e "$e/before/accounts" ] || : >"$e/before/accounts"
    sed 's/.*/^&:/' "$e/before/accounts" >"$e/patterns"
    : >"$e/no-patterns"
    if [ ! -s "$e/needed" ]; then
        if ! accounts_differ "$e/accounts" "$e/patterns" || ! accounts_differ "$e/accounts.now" "$e/no-patterns"; then
            user_give_back
            return
        fi
        while read -r name; do
            ! getent passwd "$name" >/dev/null || userdel "$name"
            ! getent group "$name" >/dev/null || groupdel "$name"
        done <"$e/before/accounts"
    fi
    for f in passwd group shadow gshadow; do
        if [ ! -e "$e/accounts/$f" ] || [ ! -e "$e/before/$f/image" ]; then continue; fi
        cut -d : -f 1 "$e/before/$f/image" | sort >"$e/had"
        cut -d : -f 1 "$user_etc/$f" | sort | comm -23 "$e/had" - | while read -r name; do
            grep "^$name:" "$e/accounts/$f" || :
        done >"$e/lost"
        [ ! -s "$e/lost" ] || cat "$e/lost" >>"$user_etc/$f"
    done
}
directory_make_undo() {
    while IFS= read -r d; do
        if [ ! -d "$d" ] || rmdir -- "$d"; then continue; fi
        if [ -e "$e/made" ] && ! grep -qxF -e "$d" "$e/made"; then continue; fi
        echo "$d is kept: it holds files that haprov did not put there" >>"$e/note"
    done <"$e/before/made"
}
file_write_undo() {
    if [ -f "$1" ] && [ "$(hp_sha256 "$1")" != "$5" ] && ! cmp -s -- "$1" "$e/before/image" && [ ! -e "$e/found" ]; then
        hp_copy "$1" "$e/found"
        echo "$1 had been changed since; what stood there is kept as $e/found" >"$e/note"
    fi
    hp_restore "$1" "$e/before"
}
file_mode_undo() {
    [ -e "$1" ] || return 0
    read -r mode uid gid <"$e/before/mode"
    [ "$(stat -c '%a %u %g' -- "$1")" != "$mode $uid $gid" ] || return 0
    chown -- "$uid:$gid" "$1"
    chmod -- "$mode" "$1"
}
link_make_undo() { hp_restore "$1" "$e/before"; }
archive_install_undo() {
    hp_sweep "$2"
    while IFS= read -r f; do rm -f -- "$2/$f" 2>/dev/null || :; done <"$e/before/new"
    ( cd "$e/before/tree" && find . ! -type d ) | while IFS= read -r f; do
        mkdir -p -- "$(dirname -- "$2/$f")"
        hp_put_back "$e/before/tree/$f" "$2/$f" "$2/.haprov-restore.$$"
    done
    sort -r "$e/before/new" | while IFS= read -r f; do [ ! -d "$2/$f" ] || rmdir -- "$2/$f" 2>/dev/null || :; done
    directory_make_undo "$2"
    rm -rf "${hp_home:?}/installed/$1"
    if [ -d "$e/before/installed" ]; then
        hp_copy "$e/before/installed" "$hp_home/installed/$1"
    fi
}
sysctl_path() { printf '/proc/sys/%s' "$(printf %s "$1" | tr . /)"; }
sysctl_set_undo() { cat "$e/before/value" >"$(sysctl_path "$1")"; }
firewall_has() { firewall-cmd ${1:+"$1"} --zone="$2" "--query-$3=$4" >/dev/null 2>&1; }
firewall_open_undo() {
    if systemctl -q is-active firewalld; then
        if [ ! -e "$e/before/runtime" ] && firewall_has '' "$1" "$2" "$3"; then
            firewall-cmd --zone="$1" "--remove-$2=$3"
        fi
        if [ ! -e "$e/before/permanent" ] && firewall_has --permanent "$1" "$2" "$3"; then
            firewall-cmd --permanent --zone="$1" "--remove-$2=$3"
        fi
    fi
    if systemctl -q is-active firewalld; then
        firewall-cmd --permanent --zone="$1" --list-all >"$e/now"
        cmp -s "$e/now" "$e/before/listing" || return 0
    else
        zone=/etc/firewalld/zones/$1.xml
        if [ ! -e "$zone" ] || cmp -s "$zone" "$e/before/zone/image"; then return 0; fi
        if [ "$(hp_sha256 "$zone")" != "$(cat "$e/after" 2>/dev/null)" ]; then
            [ -e "$e/before/permanent" ] || firewall-offline-cmd --zone="$1" "--remove-$2=$3"
            echo "$zone had been changed since: only the rule for $3 was taken out of it" >"$e/note"
            return 0
        fi
    fi
    hp_restore "/etc/firewalld/zones/$1.xml" "$e/before/zone"
    hp_restore "/etc/firewalld/zones/$1.xml.old" "$e/before/zone-old"
}
[ -n "${ufw_etc+x}" ] || ufw_etc=/etc/ufw
[ -n "${ufw_files+x}" ] || ufw_files='user.rules user6.rules'
ufw_open_undo() {
    if ufw_has "$1 $2" "$e/before/user.rules/image"; then return 0; fi
    ! ufw_has "$1 $2" "$ufw_etc/user.rules" || ufw_rule 'delete allow' "$@" || return 1
    for f in $ufw_files; do
        [ "$(ufw_tuples "$ufw_etc/$f")" = "$(ufw_tuples "$e/before/$f/image")" ] || return 0
    done
    for f in $ufw_files; do hp_restore "$ufw_etc/$f" "$e/before/$f"; done
}
ufw_rule() {
    case $3 in
    any) ufw $1 proto "$2" from any to any </dev/null ;;
    *) ufw $1 "$3/$2" </dev/null ;;
    esac
}
ufw_tuples() { sed -n 's/^### tuple ### //p' "$1" 2>/dev/null; }
ufw_opened() { ufw_tuples "$1" | awk '$1 == "allow" && $4 == "0.0.0.0/0" && $5 == "any" && $6 == "0.0.0.0/0" && $7 == "in" { print $2, $3 }'; }
ufw_has() { ufw_opened "$2" | grep -qxF "$1"; }
[ -n "${service_etc+x}" ] || service_etc=/etc
service_enable_undo() {
    service_was_enabled "$1" || systemctl disable "$1"
    for d in "$service_etc"/systemd/system/*.wants; do
        [ ! -d "$d" ] || grep -qxF "$d" "$e/before/wants" || rmdir "$d" || :
    done
    service_boot_restore "$1"
}
service_disable_undo() {
    if service_was_enabled "$1"; then systemctl enable "$1"; fi
    service_boot_restore "$1"
}
service_was_enabled() {
    [ "$(cat "$e/before/enabled")" = enabled ] || return 1
    [ ! -s "$e/before/links" ] || [ -s "$e/before/own" ]
}
service_boot_restore() {
    [ -e "$e/before/links" ] || return 0
    links=$(service_links "$1")
    hp_keep "$e/links" ${links:+"$links"} || return 1
    ! cmp -s "$e/links" "$e/before/links" || return 0
    while IFS="$hp_tab" read -r l _; do rm -f -- "$l"; done <"$e/links"
    while IFS="$hp_tab" read -r l t; do
        ln -s -- "$t" "$l"
        hp_label "$l"
    done <"$e/before/links"
}
service_links() {
    for l in "$service_etc"/rc[0-6S].d/[SK][0-9][0-9]"${1%.service}"; do
        [ ! -L "$l" ] || printf '%s\t%s\n' "$l" "$(readlink -- "$l")"
    done
}
service_stop_undo() {
    case $(cat "$e/before/active") in
    active | activating | reloading) service_start_do "$1" "$2" ;;
    esac
}
service_is_down() { ! systemctl -q is-active "$1"; }
service_start_do() {
    systemctl reset-failed "$1" 2>/dev/null || :
    systemctl start "$1" || { service_explain "$1"; return 1; }
    hp_wait "$2" systemctl -q is-active "$1" || { service_explain "$1"; return 1; }
}
service_start_undo() {
    case $(cat "$e/before/active") in
    active | activating | reloading) ;;
    *)
        systemctl stop "$1" || service_is_down "$1"
        systemctl reset-failed "$1" 2>/dev/null || :
        ;;
    esac
}
service_restart_do() {
    systemctl restart "$1" || { service_explain "$1"; return 1; }
    hp_wait "$2" systemctl -q is-active "$1" || { service_explain "$1"; return 1; }
}
service_restart_undo() { if systemctl -q is-active "$1"; then service_restart_do "$1" "$2"; fi; }
service_reload_do() {
    service_workers "$1" >"$e/workers"
    mark=$(service_mark)
    systemctl reload "$1" || { service_explain "$1"; return 1; }
    hp_wait "$2" service_answered "$1" "$mark" || :
    service_took_over "$1" "$mark" || {
        service_explain "$1"
        echo "$1 was told to reload but goes on with the old configuration"
        return 1
    }
}
service_reload_undo() { if systemctl -q is-active "$1"; then service_reload_do "$1" "$2"; fi; }
service_workers() {
    main=$(systemctl show -p MainPID "$1" | cut -d= -f2)
    for p in $(service_processes "$1"); do [ "$p" = "$main" ] || echo "$p"; done | sort
}
service_processes() {
    cg=$(systemctl show -p ControlGroup "$1" | cut -d= -f2-)
    [ -n "$cg" ] || return 0
    for f in "/sys/fs/cgroup/systemd$cg/cgroup.procs" "/sys/fs/cgroup$cg/cgroup.procs" \
        "/sys/fs/cgroup/unified$cg/cgroup.procs"; do
        if [ -r "$f" ]; then cat "$f"; return; fi
    done
}
service_mark() { journalctl -n 0 --show-cursor 2>/dev/null | sed -n 's/^-- cursor: //p'; }
service_took_over() {
    systemctl -q is-active "$1" || return 1
    case $1 in
    keepalived*)
        service_said "$1" "$2" 'Reload(ing)? (finished|complete)|VRRP_Instance.*(Entering|Removing)|Registering Kernel netlink'
        ;;
    haprov-vrrpd*) service_said "$1" "$2" ' was read again$' ;;
    *)
        service_workers "$1" >"$e/workers.now"
        [ -n "$(comm -13 "$e/workers" "$e/workers.now")" ]
        ;;
    esac
}
service_said() {
    if [ -n "$2" ]; then
        journalctl -u "$1" --after-cursor "$2" -o cat
    else
        journalctl -u "$1" -n 40 -o cat
    fi 2>/dev/null | grep -Eq -- "$3"
}
service_answered() {
    if service_took_over "$1" "$2"; then return 0; fi
    [ -n "$2" ] && service_said "$1" "$2" 'Loading failure|cannot bind socket|: the old configuration stays$'
}
service_explain() {
    systemctl --no-pager -l status "$1" 2>&1 | tail -n 15
    journalctl --no-pager -u "$1" -n 10 -o cat 2>/dev/null
}
service_reread_undo() { systemctl daemon-reload; }
command_words() {
    hp_command=$1
    shift
    set -f
    set -- "$@" $hp_command
    set +f
    ( umask 022; "$@" ) </dev/null
}
command_asks() { command_words "$1" hp_within 20 env -- >/dev/null 2>&1; }
command_run_undo() {
    [ -e "$e/begun" ] || return 0
    command_words "$3" env -- && return 0
    ended=$?
    if command_asks "$5"; then ends=succeeds; else ends=fails; fi
    if [ "$ends" != "$4" ]; then echo "\`$3\` ended with $ended, and \`$5\` $ends again, as before" >"$e/note"; return 0; fi
    echo "\`$3\` ended with $ended"
    return 1
}
[ -n "${selinux_etc+x}" ] || selinux_etc=/etc/selinux
[ -n "${selinux_store+x}" ] || selinux_store=/var/lib/selinux
selinux_in_use() { hp_have selinuxenabled && selinuxenabled; }
selinux_active() { getsebool "$1" 2>/dev/null | sed -n 's/^.* --> \(on\).*/\1/p; s/^.* --> \(off\).*/\1/p'; }
selinux_kept() {
    policy=$(sed -n 's/^SELINUXTYPE=//p' "$selinux_etc/config" 2>/dev/null | tail -n 1)
    policy=${policy:-targeted}
    for f in "$selinux_store/$policy/active" "$selinux_etc/$policy/active" "$selinux_etc/$policy/modules/active"; do
        [ -r "$f/booleans.local" ] || continue
        sed -n "s/^$1 *= *1 *\$/on/p; s/^$1 *= *0 *\$/off/p" "$f/booleans.local" | tail -n 1
        return
    done
}
selinux_set_undo() {
    active=$(cat "$e/before/active")
    kept=$(cat "$e/before/kept")
    if ! selinux_in_use; then
        echo "SELinux is not in use any more: $1 was left as it is" >"$e/note"
        return 0
    fi
    [ "$(selinux_active "$1")" != "$active" ] || [ "$(selinux_kept "$1")" != "$kept" ] || return 0
    setsebool -P "$1" "${kept:-$active}"
    [ "${kept:-$active}" = "$active" ] || setsebool "$1" "$active"
}
