# Arms the way back on this host: from here on HAProxy is started again after some seconds, whatever becomes of haprov.
# A timer of the host's own systemd, as unit files under /run: they need no `systemd-run --on-active` and are gone
# after a reboot, as is the hold-down.
# Values: run, units, seconds, owner, way_back (the text of the script that the timer runs).
set -u
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin:/usr/bin:/bin"
umask 077

refuse() {
    printf 'refused %s\n' "$1"
    exit 3
}

[ -d "$units" ] || refuse 'systemd does not run here'
mkdir -p "$run" || refuse "cannot create $run"
[ ! -L "$run" ] || refuse "$run is a symbolic link"
chmod 0700 "$run"
read -r now _ </proc/uptime
# The one file that two drills cannot both create.
(set -C; printf '%s %s\n' "$((${now%.*} + seconds))" "$owner" >"$run/drill-until") 2>/dev/null || {
    read -r until other <"$run/drill-until"
    refuse "another drill has been armed by $other, for $((until - ${now%.*})) s from now"
}

abandon() {
    systemctl stop haprov-drill-restore.timer 2>/dev/null </dev/null
    rm -f "$run/drill-until" "$run/drill-restore.sh" "$units/haprov-drill-restore.timer" \
        "$units/haprov-drill-restore.service"
    rmdir "$run" 2>/dev/null
    systemctl daemon-reload </dev/null
    refuse "$1"
}

printf '%s\n' "$way_back" >"$run/drill-restore.sh" || abandon "cannot write to $run"
umask 022
{
    cat >"$units/haprov-drill-restore.service" <<END
[Unit]
Description=Give HAProxy back after a drill of haprov

[Service]
Type=oneshot
ExecStart=/bin/sh $run/drill-restore.sh
END
    cat >"$units/haprov-drill-restore.timer" <<END
[Unit]
Description=Give HAProxy back after a drill of haprov

[Timer]
OnActiveSec=$seconds
AccuracySec=100ms
END
} || abandon "cannot write to $units"
systemctl daemon-reload </dev/null || abandon 'systemctl daemon-reload failed'
systemctl start haprov-drill-restore.timer </dev/null || abandon 'the timer could not be started'
systemctl is-active --quiet haprov-drill-restore.timer </dev/null || abandon 'the timer did not become active'
printf 'armed %s\n' "$seconds"
