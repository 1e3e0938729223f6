# Takes the armed way back away, once HAProxy has been given back, and leaves no trace.
# Values: run, units.
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin:/usr/bin:/bin"
systemctl stop haprov-drill-restore.timer 2>/dev/null </dev/null
# Where the timer has just elapsed, its service is left to finish first.
tries=0
while [ "$(systemctl is-active haprov-drill-restore.service 2>/dev/null </dev/null)" = activating ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || break
    sleep 0.1
done
rm -f "$units/haprov-drill-restore.timer" "$units/haprov-drill-restore.service" "$run/drill-until" \
    "$run/drill-restore.sh" "$run/drill" "$units/haproxy.service.d/50-haprov-drill.conf"
rmdir "$units/haproxy.service.d" "$run" 2>/dev/null
systemctl daemon-reload </dev/null
systemctl reset-failed haprov-drill-restore.service 2>/dev/null </dev/null
for file in "$units/haprov-drill-restore.timer" "$units/haprov-drill-restore.service" "$run/drill-until" \
    "$run/drill-restore.sh" "$run/drill" "$units/haproxy.service.d/50-haprov-drill.conf"; do
    [ ! -e "$file" ] || printf 'left %s\n' "$file"
done
if systemctl is-active --quiet haprov-drill-restore.timer </dev/null; then printf 'left haprov-drill-restore.timer\n'; fi
printf 'disarmed\n'
