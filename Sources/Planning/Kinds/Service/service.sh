# systemd units. A reload or restart is undone by doing it again once the files are back: the rollback plan does that.

service_etc=/etc

# service_enable UNIT
service_enable_save() {
    service_boot_save "$1"
    wants=$(for d in "$service_etc"/systemd/system/*.wants; do [ ! -d "$d" ] || printf '%s\n' "$d"; done)
    hp_keep "$e/before/wants" ${wants:+"$wants"}
}
service_enable_do() { systemctl enable "$1"; }
service_enable_undo() {
    service_was_enabled "$1" || systemctl disable "$1"
    for d in "$service_etc"/systemd/system/*.wants; do
        [ ! -d "$d" ] || grep -qxF "$d" "$e/before/wants" || rmdir "$d" || :
    done
    service_boot_restore "$1"
}

# service_disable UNIT
service_disable_save() { service_boot_save "$1"; }
service_disable_do() { systemctl disable "$1"; }
service_disable_undo() {
    if service_was_enabled "$1"; then systemctl enable "$1"; fi
    service_boot_restore "$1"
}

# service_boot_save UNIT: what starts it at boot. An init script of its name is enabled and disabled along with it, and asked
# in its place where there is no unit file: then "enabled" is the script.
service_boot_save() {
    hp_keep "$e/before/enabled" "$(systemctl is-enabled "$1" 2>/dev/null)"
    own=$(find "$service_etc/systemd/system" -type l -name "$1" 2>/dev/null) || :
    hp_keep "$e/before/own" ${own:+"$own"}
    links=$(service_links "$1")
    hp_keep "$e/before/links" ${links:+"$links"}
}
service_was_enabled() {
    [ "$(cat "$e/before/enabled")" = enabled ] || return 1
    # Runs of earlier times did not keep these; a unit file that only an alias or a preset enables has no script.
    [ ! -s "$e/before/links" ] || [ -s "$e/before/own" ]
}
# service_boot_restore UNIT: the init script's links as they were.
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

# service_links UNIT: the links by which an init script of its name is started and stopped: path and target.
service_links() {
    for l in "$service_etc"/rc[0-6S].d/[SK][0-9][0-9]"${1%.service}"; do
        [ ! -L "$l" ] || printf '%s\t%s\n' "$l" "$(readlink -- "$l")"
    done
}

# service_stop UNIT SECONDS: what it ended with does not matter any more.
service_stop_save() { hp_keep "$e/before/active" "$(systemctl is-active "$1" 2>/dev/null)"; }
service_stop_do() {
    systemctl stop "$1" || { service_explain "$1"; return 1; }
    hp_wait "$2" service_is_down "$1" || { service_explain "$1"; return 1; }
    systemctl reset-failed "$1" 2>/dev/null || :
}
service_stop_undo() {
    case $(cat "$e/before/active") in
    active | activating | reloading) service_start_do "$1" "$2" ;;
    esac
}
service_is_down() { ! systemctl -q is-active "$1"; }

# service_start UNIT SECONDS
service_start_save() { hp_keep "$e/before/active" "$(systemctl is-active "$1" 2>/dev/null)"; }
service_start_do() {
    systemctl reset-failed "$1" 2>/dev/null || :
    systemctl start "$1" || { service_explain "$1"; return 1; }
    hp_wait "$2" systemctl -q is-active "$1" || { service_explain "$1"; return 1; }
}
service_start_undo() {
    case $(cat "$e/before/active") in
    active | activating | reloading) ;;
    *)
        # systemd cannot stop a unit that it no longer knows: one that was stopped, and whose file is gone.
        systemctl stop "$1" || service_is_down "$1"
        systemctl reset-failed "$1" 2>/dev/null || :
        ;;
    esac
}

# service_restart UNIT SECONDS
service_restart_save() { hp_keep "$e/before/active" "$(systemctl is-active "$1" 2>/dev/null)"; }
service_restart_do() {
    service_step_aside "$1"
    restarted=0
    service_restart_now "$1" "$2" || restarted=1
    # Also where it does not come back: the engine's own check keeps the addresses away from here then.
    service_step_back || restarted=1
    return "$restarted"
}
service_restart_now() {
    systemctl restart "$1" || { service_explain "$1"; return 1; }
    hp_wait "$2" systemctl -q is-active "$1" || { service_explain "$1"; return 1; }
}
# What somebody has stopped since stays so.
service_restart_undo() {
    case $(cat "$e/before/active" 2>/dev/null)/$(systemctl is-active "$1" 2>/dev/null) in
    */active | */reloading | active/activating | active/failed) service_restart_do "$1" "$2" ;;
    *) service_step_back ;;
    esac
}

# A balancer that holds a virtual IP gives it away before it restarts what serves there: its engine is stopped, and resigns. So
# another one holds it already where the restart goes wrong. $hp_volatile/aside names the engine until it runs again, and no longer
# than to the next boot, which starts it too. Where this shell is killed, a guard starts it; where that is killed too, the
# next run does, whichever way it goes.

# service_has_standby UNIT ENGINES ADDRESSES: other balancers can take over all ADDRESSES while UNIT restarts.
service_has_standby() { service_front=$1 service_engines=$2 service_addresses=$3; }

service_step_aside() {
    if [ "$1" != "${service_front:-}" ] || service_holds_none; then return 0; fi
    for engine in $service_engines; do
        systemctl -q is-active "$engine" || continue
        # Without a mark nobody would start it again.
        mkdir -p "$hp_volatile" || return 0
        hp_keep "$hp_volatile/aside" "$engine" || return 0
        service_guard
        systemctl stop "$engine" || :
        hp_wait 20 service_holds_none || echo "$engine did not give the virtual IP away"
        return 0
    done
}
service_holds() {
    for address in $service_addresses; do [ -z "$(hp_nic_of "$address")" ] || return 0; done
    return 1
}
service_holds_none() { ! service_holds; }

# service_step_back: the engine that stepped aside takes part again.
service_step_back() {
    [ -s "$hp_volatile/aside" ] || return 0
    service_start_do "$(cat "$hp_volatile/aside")" 60 || return 1
    rm -f "$hp_volatile/aside"
}

# service_guard: a process that outlives this shell, and steps back in its place.
service_guard() {
    # $$ would be the script that this shell is a part of.
    shell=$(exec sh -c 'echo "$PPID"')
    (
        (
            trap '' HUP INT TERM
            while [ -s "$hp_volatile/aside" ] && hp_runs "$shell"; do sleep 1; done
            service_step_back
        ) >/dev/null 2>&1 </dev/null &
    )
}

# service_reload UNIT SECONDS: believed when a new process has taken over, not by an exit code.
service_reload_save() { service_restart_save "$@"; }
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

# service_workers UNIT: the processes of its control group, except the main one.
service_workers() {
    main=$(systemctl show -p MainPID "$1" | cut -d= -f2)
    for p in $(service_processes "$1"); do [ "$p" = "$main" ] || echo "$p"; done | sort
}

# service_processes UNIT: every process of its control group.
service_processes() {
    cg=$(systemctl show -p ControlGroup "$1" | cut -d= -f2-)
    [ -n "$cg" ] || return 0
    for f in "/sys/fs/cgroup/systemd$cg/cgroup.procs" "/sys/fs/cgroup$cg/cgroup.procs" \
        "/sys/fs/cgroup/unified$cg/cgroup.procs"; do
        if [ -r "$f" ]; then cat "$f"; return; fi
    done
}

# service_mark: a place in the journal, to read on from.
service_mark() { journalctl -n 0 --show-cursor 2>/dev/null | sed -n 's/^-- cursor: //p'; }

# service_took_over UNIT MARK: a worker that was not there before (HAProxy), or its word in the journal (keepalived and
# haprov-vrrpd).
service_took_over() {
    systemctl -q is-active "$1" || return 1
    case $1 in
    # Each child says so once it has read the new file; a refused file says something else.
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

# service_said UNIT MARK PATTERN: whether its journal has this since MARK, or of late where there is no mark.
service_said() {
    if [ -n "$2" ]; then
        journalctl -u "$1" --after-cursor "$2" -o cat
    else
        journalctl -u "$1" -n 40 -o cat
    fi 2>/dev/null | grep -Eq -- "$3"
}

# service_answered UNIT MARK: it has taken over, or has said that it will not: no use in waiting on.
service_answered() {
    if service_took_over "$1" "$2"; then return 0; fi
    [ -n "$2" ] && service_said "$1" "$2" 'Loading failure|cannot bind socket|: the old configuration stays$'
}

# service_explain UNIT: why it is not as it should be.
service_explain() {
    systemctl --no-pager -l status "$1" 2>&1 | tail -n 15
    journalctl --no-pager -u "$1" -n 10 -o cat 2>/dev/null
}

# service_reread: systemd reads unit files again.
service_reread_save() { :; }
service_reread_do() { systemctl daemon-reload; }
service_reread_undo() { systemctl daemon-reload; }

# probe_unit UNIT: load state, active state, unit file state, main process, where it comes from, whether systemd knows an
# older file, the init script that it was made from, whether an init script of its name starts at boot, how it is within its
# state, how it ended last, whether its conditions held when it was last started, and whether it has stepped aside.
probe_unit() {
    systemctl show -p LoadState -p ActiveState -p UnitFileState -p MainPID -p FragmentPath -p NeedDaemonReload -p SourcePath \
        -p SubState -p Result -p ConditionResult "$1" 2>/dev/null | (
        load='' active='' enabled='' main='' path='' stale='' source='' boot=no within='' result='' condition=''
        while IFS='=' read -r k v; do
            case $k in
            LoadState) load=$v ;; ActiveState) active=$v ;; UnitFileState) enabled=$v ;; MainPID) main=$v ;;
            FragmentPath) path=$v ;; NeedDaemonReload) stale=$v ;; SourcePath) source=$v ;;
            SubState) within=$v ;; Result) result=$v ;; ConditionResult) condition=$v ;;
            esac
        done
        case $source in */init.d/*) ;; *) source='' ;; esac
        case $(service_links "$1") in */S[0-9][0-9]*) boot=yes ;; esac
        aside=no
        [ "$(cat "$hp_volatile/aside" 2>/dev/null)" != "$1" ] || aside=yes
        hp_say unit "$1" "$load" "$active" "$enabled" "$main" "$path" "$stale" "$source" "$boot" "$within" "$result" \
            "$condition" "$aside"
    )
}

# service_version UNIT OPTION: the first line of what a unit's program says to an option.
service_version() {
    process=$(systemctl show -p MainPID "$1" 2>/dev/null </dev/null)
    process=${process#MainPID=}
    [ "${process:-0}" -gt 0 ] || return 0
    "$hp_proc/$process/exe" "$2" 2>&1 </dev/null | head -n 1
}
