# Kills every process of HAProxy's unit. With hold, keeps it from being started again until the way back is taken.
# Values: run, units, proc, hold (yes or no).
set -u
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin:/usr/bin:/bin"
umask 077

refuse() {
    printf 'refused %s\n' "$1"
    exit 3
}

# Process ids of the unit, zombies left out.
processes() {
    grep -lsE '/haproxy\.service(/|$)' "$proc"/[0-9]*/cgroup | while IFS= read -r file; do
        state=Z
        { read -r _ _ state _; } 2>/dev/null <"${file%/cgroup}/stat"
        [ "$state" = Z ] || { file=${file#"$proc"/}; printf '%s\n' "${file%/cgroup}"; }
    done
}

systemctl is-active --quiet haprov-drill-restore.timer </dev/null || refuse 'the way back is not armed'
before=$(processes)
[ -n "$before" ] || refuse 'haproxy.service has no process'
if [ "$hold" = yes ]; then
    : >"$run/drill" || refuse "cannot write $run/drill"
    umask 022
    mkdir -p "$units/haproxy.service.d" || refuse "cannot create $units/haproxy.service.d"
    printf '[Unit]\nConditionPathExists=!%s\n[Service]\nRestart=no\n' "$run/drill" \
        >"$units/haproxy.service.d/50-haprov-drill.conf" || refuse "cannot write to $units/haproxy.service.d"
    systemctl daemon-reload </dev/null || refuse 'systemctl daemon-reload failed'
    [ "$(systemctl show -p Restart haproxy.service </dev/null)" = Restart=no ] ||
        refuse 'the hold-down did not take: haproxy.service still has a restart policy'
fi
printf 'killing\n'
systemctl kill -s KILL --kill-who=all haproxy.service </dev/null
printf 'killed\n'
tries=0
while :; do
    left=
    now=$(processes)
    # Without hold, new processes may be there already: only the old ones count.
    for process in $before; do
        case "
$now
" in
        *"
$process
"*) left="$left $process" ;;
        esac
    done
    [ "$hold" = no ] || left=$now
    [ -n "$left" ] || break
    tries=$((tries + 1))
    if [ "$tries" -gt 50 ]; then
        # shellcheck disable=SC2086 # a list
        printf 'left %s\n' "$(printf '%s ' $left)"
        exit 1
    fi
    # shellcheck disable=SC2086 # a list
    kill -9 $left 2>/dev/null
    sleep 0.1
done
printf 'gone\n'
