# Gives HAProxy back: takes the hold-down away and starts the unit. Run by the timer or by haprov, whichever comes
# first; harmless when there is nothing to give back.
# Values: run, units, disarm (yes or no).
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin:/usr/bin:/bin"

alive() {
    life=Z
    { read -r _ _ life _; } 2>/dev/null <"/proc/$1/stat"
    [ "$life" != Z ]
}

rm -f "$units/haproxy.service.d/50-haprov-drill.conf" "$run/drill"
rmdir "$units/haproxy.service.d" 2>/dev/null
systemctl daemon-reload </dev/null
# A unit that was killed has failed, and may have used up its starts.
systemctl reset-failed haproxy.service 2>/dev/null </dev/null
state=unknown
for pause in 1 2 0; do
    systemctl start haproxy.service </dev/null &
    job=$!
    # A start may take its time; whoever waits at the other end of the line hears that this host is alive.
    for nap in 0.1 0.2 0.3 0.4; do alive "$job" && sleep "$nap"; done
    while alive "$job"; do
        [ "$disarm" = yes ] || printf 'starting\n'
        sleep 1
    done
    wait "$job"
    state=$(systemctl is-active haproxy.service 2>/dev/null </dev/null)
    [ "$state" != active ] || break
    sleep "$pause"
done
printf 'haproxy %s\n' "$state"
[ "$state" = active ] || status=1
if [ "$disarm" = yes ]; then
    systemctl stop haprov-drill-restore.timer 2>/dev/null </dev/null
    rm -f "$units/haprov-drill-restore.timer" "$units/haprov-drill-restore.service" "$run/drill-until" \
        "$run/drill-restore.sh"
    rmdir "$run" 2>/dev/null
    systemctl daemon-reload </dev/null
fi
exit "${status:-0}"
