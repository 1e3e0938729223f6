# How a balancer stands, as "key value" lines. Changes nothing.
# Values: vip, engine (its unit), haproxy, config, run, units, proc, diagnose (yes or no), interface, peers (addresses,
# blanks between them).
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin:/usr/bin:/bin"

say() { printf '%s %s\n' "$1" "$2"; }

# unit KEY UNIT
unit() {
    systemctl show -p LoadState -p ActiveState -p SubState -p Result -p UnitFileState -p ConditionResult \
        -p FragmentPath "$2" 2>/dev/null </dev/null | while IFS= read -r line; do say "$1" "$line"; done
}

# A start is refused where a condition does not hold; only those on a path's existence can be judged from outside.
conditions() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        ConditionPathExists=* | AssertPathExists=*) ;;
        *) continue ;;
        esac
        path=${line#*=}
        case $path in
        '|'* | '') continue ;;
        '!'*) [ ! -e "${path#!}" ] || say unmet "$1: $line" ;;
        *) [ -e "$path" ] || say unmet "$1: $line" ;;
        esac
    done <"$1"
}

command -v systemctl >/dev/null 2>&1 || { say broken 'systemctl is missing'; exit 0; }
command -v ip >/dev/null 2>&1 || { say broken 'ip (iproute2) is missing'; exit 0; }
say vip "$(holding)"
unit haproxy haproxy.service
unit engine "$engine"

for file in "$(systemctl show -p FragmentPath haproxy.service 2>/dev/null | sed 's/^FragmentPath=//')" \
    /usr/lib/systemd/system/haproxy.service.d/*.conf /etc/systemd/system/haproxy.service.d/*.conf \
    "$units"/haproxy.service.d/*.conf; do
    case $file in
    */50-haprov-drill.conf | '') continue ;;
    esac
    [ -f "$file" ] && conditions "$file"
done

for file in "$run/drill" "$run/drill-until" "$run/drill-restore.sh" "$units/haproxy.service.d/50-haprov-drill.conf" \
    "$units/haprov-drill-restore.timer" "$units/haprov-drill-restore.service"; do
    [ -e "$file" ] && say remains "$file"
done
if systemctl is-active --quiet haprov-drill-restore.timer </dev/null && [ -r "$run/drill-until" ]; then
    until=
    read -r until _ <"$run/drill-until"
    read -r now _ </proc/uptime
    [ -n "$until" ] && say armed "$((until - ${now%.*}))"
fi

# HAProxy processes that a kill of the unit would not reach.
for comm in "$proc"/[0-9]*/comm; do
    name=
    { read -r name; } 2>/dev/null <"$comm"
    [ "$name" = haproxy ] || continue
    process=${comm%/comm}
    state=Z
    { read -r _ _ state _; } 2>/dev/null <"$process/stat"
    [ "$state" = Z ] || grep -q '/haproxy\.service' "$process/cgroup" 2>/dev/null || say stray "${process#"$proc"/}"
done

if [ ! -x "$haproxy" ]; then
    say config "$haproxy is missing"
elif answer=$("$haproxy" -c -f "$config" 2>&1 </dev/null); then
    say config ok
else
    # The first complaint; the last one only counts them.
    line=$(printf '%s\n' "$answer" | grep 'ALERT' | head -n 1 | cut -c 1-300)
    say config "HAProxy refuses $config${line:+: $line}"
fi

if [ "$diagnose" = yes ]; then
    if command -v firewall-cmd >/dev/null 2>&1 && firewall-cmd --state >/dev/null 2>&1 </dev/null; then
        zone=$(firewall-cmd --get-zone-of-interface="$interface" 2>/dev/null </dev/null)
        [ -n "$zone" ] || zone=$(firewall-cmd --get-default-zone 2>/dev/null </dev/null)
        if firewall-cmd --zone="$zone" --query-rich-rule='rule protocol value="vrrp" accept' >/dev/null 2>&1 ||
            firewall-cmd --zone="$zone" --query-protocol=vrrp >/dev/null 2>&1; then
            say firewalld "open $zone"
        else
            say firewalld "closed $zone"
        fi
    fi
    vrrp='(^|[^0-9.])112([^0-9.]|$)|vrrp|224\.0\.0\.18'
    if command -v iptables >/dev/null 2>&1; then
        iptables -S 2>/dev/null </dev/null | grep -E -- '-j (DROP|REJECT)' | grep -E "$vrrp" |
            head -n 3 | while IFS= read -r rule; do say filter "iptables $rule"; done
    fi
    if command -v nft >/dev/null 2>&1; then
        nft list ruleset 2>/dev/null </dev/null | grep -E 'drop|reject' | grep -E "$vrrp" |
            head -n 3 | while IFS= read -r rule; do say filter "nft ${rule#"${rule%%[![:space:]]*}"}"; done
    fi
    for peer in $peers; do
        command -v ping >/dev/null 2>&1 || break
        if ping -c 1 -W 1 "$peer" >/dev/null 2>&1 </dev/null; then say peer "$peer yes"; else say peer "$peer no"; fi
    done
    journalctl -u "$engine" -n 3 -o cat --no-pager 2>/dev/null </dev/null | cut -c 1-200 |
        while IFS= read -r line; do say log "$line"; done
fi
say end 0
