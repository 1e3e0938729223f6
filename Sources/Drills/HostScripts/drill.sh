# What a drill does to a service of this host, and what gives it back. Marks are under /run: gone after a reboot.

# drill_marks UNIT: the files that a drill on a unit leaves while it is on, the one that stands for it all first.
drill_marks() {
    printf '%s\n' "$hp_volatile/drill-until" "$hp_volatile/drill-restore.sh" "$hp_volatile/drill" "$hp_volatile/drill-kept" \
        "$(drill_drop_in "$1")" "$hp_units/haprov-drill-restore.timer" "$hp_units/haprov-drill-restore.service"
}
drill_drop_in() { printf '%s\n' "$hp_units/$1.d/50-haprov-drill.conf"; }

# drill_arm UNIT SECONDS OWNER SUBJECT TEXT: from here on the host runs TEXT, a script, after some seconds, whatever becomes of
# haprov. A timer of the host's own systemd, as unit files: they need no `systemd-run --on-active`. SUBJECT is what the script
# gives back.
drill_arm() {
    [ -d "$hp_units" ] || hp_die 'systemd does not run here'
    hp_folder "$hp_volatile"
    [ ! -L "$hp_volatile" ] || hp_die "$hp_volatile is a symbolic link"
    chmod 0700 "$hp_volatile"
    now=$(hp_uptime)
    # The one file that two drills cannot both create.
    (set -C; printf '%s %s\n%s\n' "$((now + $2))" "$3" "$4" >"$hp_volatile/drill-until") 2>/dev/null || {
        read -r until other <"$hp_volatile/drill-until"
        hp_die "another drill has been armed by $other, for $((until - now)) s from now"
    }
    hp_put "$hp_volatile/drill-restore.sh" "$5" || drill_abandon "$1" "$hp_words"
    drill_units "$2" "$4" || drill_abandon "$1" "$hp_words"
    systemctl daemon-reload </dev/null || drill_abandon "$1" 'systemctl daemon-reload failed'
    systemctl start haprov-drill-restore.timer </dev/null || drill_abandon "$1" 'the timer could not be started'
    drill_is_armed || drill_abandon "$1" 'the timer did not become active'
    hp_say armed "$2"
}

# drill_units SECONDS SUBJECT: the timer, and what it starts.
drill_units() {
    umask 022
    hp_put "$hp_units/haprov-drill-restore.service" '[Unit]' "Description=Give $2 back after a drill of haprov" '' \
        '[Service]' Type=oneshot "ExecStart=/bin/sh $hp_volatile/drill-restore.sh" &&
        hp_put "$hp_units/haprov-drill-restore.timer" '[Unit]' "Description=Give $2 back after a drill of haprov" '' \
            '[Timer]' "OnActiveSec=$1" AccuracySec=100ms
    status=$?
    umask 077
    return "$status"
}

drill_abandon() {
    drill_clean "$1"
    hp_die "$2"
}

drill_is_armed() { systemctl is-active --quiet haprov-drill-restore.timer </dev/null; }

# drill_kill UNIT hold|free: kills every process of a unit. With hold, keeps it from being started until the way back is taken.
drill_kill() {
    drill_begin "$@"
    systemctl kill -s KILL --kill-who=all "$1" </dev/null
    drill_end "$@"
}

# drill_stop UNIT hold|free: ends a unit in its own way; what does not end by itself is killed.
drill_stop() {
    drill_begin "$@"
    systemctl stop --no-block "$1" </dev/null
    hp_wait 5 drill_is_still "$1"
    drill_end "$@"
}
drill_is_still() { [ -z "$(drill_processes "$1")" ]; }

# drill_freeze UNIT hold: every process of a unit stands still (SIGSTOP), and is there.
drill_freeze() {
    drill_is_armed || hp_die 'the way back is not armed'
    drill_before=$(drill_processes "$1")
    [ -n "$drill_before" ] || hp_die "$1 has no process"
    hp_say beginning
    # Again, where a process came from another in between.
    for round in 1 2 3; do
        left=
        for process in $(drill_processes "$1"); do
            kill -STOP "$process" 2>/dev/null
            drill_stands "$process" || left="$left $process"
        done
        [ -n "$left" ] || [ "$round" -lt 2 ] || break
        sleep 0.1
    done
    if [ -n "$left" ]; then hp_say left "${left# }"; else hp_say gone; fi
}
drill_stands() {
    state=T
    { read -r _ _ state _; } 2>/dev/null <"$hp_proc/$1/stat"
    [ "$state" = T ]
}

# drill_thaw UNIT: they go on; harmless where they stand not.
drill_thaw() {
    for process in $(drill_processes "$1"); do kill -CONT "$process" 2>/dev/null; done
    hp_say state "$(systemctl is-active "$1" 2>/dev/null </dev/null)"
}

# drill_move TARGET hold here|leave ID…: as `haprov move` does, asks for virtual routers, or lets go of them.
drill_move() {
    drill_is_armed || hp_die 'the way back is not armed'
    way=$3
    shift 3
    for router in "$@"; do move_tracked "$router"; done
    hp_say beginning
    for router in "$@"; do
        if [ "$way" = here ]; then
            move_here "$router" 'a drill of haprov' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
        else
            move_leave "$router"
        fi
    done
    hp_say gone
}

# drill_unmove TARGET here|leave ID…
drill_unmove() {
    shift 2
    for router in "$@"; do
        move_home "$router"
        move_stay "$router"
    done
    hp_say state home
}

# drill_reboot TARGET hold UNIT…: restarts this host; the answer that it will leaves first. Not by systemctl(1)'s `reboot`, which asks
# logind, and that may not be there.
drill_reboot() {
    drill_is_armed || hp_die 'the way back is not armed'
    shift 2
    for unit in "$@"; do
        systemctl is-enabled --quiet "$unit" 2>/dev/null </dev/null || hp_die "$unit is not enabled, so it would not run again"
    done
    # Gone once it has: what was refused above needs no way back.
    hp_write "$hp_volatile/drill"
    hp_say beginning
    hp_say gone
    (
        trap '' HUP
        sleep 0.3
        systemctl start --no-block --job-mode=replace-irreversibly reboot.target
    ) >/dev/null 2>&1 </dev/null &
}

# drill_booted TARGET UNIT…: whether it has, where it was to, and they run. What stood in /run before is gone.
drill_booted() {
    shift
    state=booted
    for unit in "$@"; do
        now=$(systemctl is-active "$unit" 2>/dev/null </dev/null)
        [ "$now" = active ] || state="without $unit ($now)"
    done
    [ ! -e "$hp_volatile/drill" ] || state='not restarted yet'
    hp_say state "$state"
}

# drill_begin UNIT hold|free: the last moment at which nothing is broken yet. Sets drill_before, the unit's processes.
drill_begin() {
    drill_is_armed || hp_die 'the way back is not armed'
    drill_before=$(drill_processes "$1")
    [ -n "$drill_before" ] || hp_die "$1 has no process"
    [ "$2" = free ] || drill_hold "$1"
    hp_say beginning
}

# drill_hold UNIT: it cannot be started, nor starts again by itself.
drill_hold() {
    hp_write "$hp_volatile/drill"
    file=$(drill_drop_in "$1")
    umask 022
    hp_folder "${file%/*}"
    hp_write "$file" '[Unit]' "ConditionPathExists=!$hp_volatile/drill" '[Service]' Restart=no
    umask 077
    systemctl daemon-reload </dev/null || hp_die 'systemctl daemon-reload failed'
    [ "$(systemctl show -p Restart "$1" </dev/null)" = Restart=no ] ||
        hp_die "the hold-down did not take: $1 still has a restart policy"
}

# drill_end UNIT hold|free: until none of its processes is left.
drill_end() {
    tries=0
    while :; do
        left=$(drill_processes "$1")
        # Without hold, new processes may be there already: only the old ones count.
        [ "$2" = hold ] || left=$(printf '%s\n' "$left" | grep -xF -e "$drill_before")
        [ -n "$left" ] || break
        left=$(printf '%s\n' "$left" | tr '\n' ' ')
        tries=$((tries + 1))
        if [ "$tries" -gt 50 ]; then
            hp_say left "$left"
            exit 1
        fi
        # shellcheck disable=SC2086 # a list
        kill -9 $left 2>/dev/null
        sleep 0.1
    done
    hp_say gone
}

# drill_processes UNIT: their ids, zombies left out.
drill_processes() {
    name=$(printf '%s\n' "$1" | sed 's/\./\\./g')
    grep -lsE "/$name(/|\$)" "$hp_proc"/[0-9]*/cgroup | while IFS= read -r file; do
        state=Z
        { read -r _ _ state _; } 2>/dev/null <"${file%/cgroup}/stat"
        [ "$state" = Z ] || { file=${file#"$hp_proc"/}; printf '%s\n' "${file%/cgroup}"; }
    done
}

# drill_start UNIT: takes the hold-down away and starts the unit. Run by the timer or by haprov, whichever comes first; harmless
# when there is nothing to give back.
drill_start() {
    file=$(drill_drop_in "$1")
    rm -f "$file" "$hp_volatile/drill"
    rmdir "${file%/*}" 2>/dev/null
    systemctl daemon-reload </dev/null
    # A unit that was killed has failed, and may have used up its starts.
    systemctl reset-failed "$1" 2>/dev/null </dev/null
    # The service of an init script counts as active when nothing of it runs any more, and a start would do nothing.
    if [ -z "$(drill_processes "$1")" ] && systemctl -q is-active "$1" </dev/null; then
        systemctl stop "$1" 2>/dev/null </dev/null
        systemctl reset-failed "$1" 2>/dev/null </dev/null
    fi
    state=unknown
    for pause in 1 2 0; do
        systemctl start "$1" </dev/null &
        job=$!
        # A start may take its time; whoever waits at the other end of the line hears that this host is alive.
        for nap in 0.1 0.2 0.3 0.4; do hp_runs "$job" && sleep "$nap"; done
        while hp_runs "$job"; do
            hp_say starting
            sleep 1
        done
        wait "$job"
        state=$(systemctl is-active "$1" 2>/dev/null </dev/null)
        [ "$state" != active ] || break
        sleep "$pause"
    done
    hp_say state "$state"
    [ "$state" = active ]
}

# drill_return UNIT WAY-BACK…: what the timer runs.
drill_return() {
    unit=$1
    shift
    "$@"
    status=$?
    drill_clean "$unit"
    return "$status"
}

# drill_disarm UNIT: takes the armed way back away, once it has been taken, and leaves no trace.
drill_disarm() {
    systemctl stop haprov-drill-restore.timer 2>/dev/null </dev/null
    # Where the timer has just elapsed, its service is left to finish first.
    tries=0
    while [ "$(systemctl is-active haprov-drill-restore.service 2>/dev/null </dev/null)" = activating ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || break
        sleep 0.1
    done
    drill_clean "$1"
    systemctl reset-failed haprov-drill-restore.service 2>/dev/null </dev/null
    drill_marks "$1" | while IFS= read -r file; do [ ! -e "$file" ] || hp_say left "$file"; done
    ! drill_is_armed || hp_say left haprov-drill-restore.timer
    hp_say disarmed
}

drill_clean() {
    systemctl stop haprov-drill-restore.timer 2>/dev/null </dev/null
    drill_marks "$1" | while IFS= read -r file; do rm -f "$file"; done
    rmdir "$hp_units/$1.d" "$hp_volatile" 2>/dev/null
    systemctl daemon-reload </dev/null
}
