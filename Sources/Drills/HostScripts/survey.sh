# How a balancer stands before a drill, and why a VIP does not move. Changes nothing.

# survey_ground: whether it can be asked at all.
survey_ground() {
    hp_have systemctl || hp_die 'systemctl is missing'
    hp_have ip || hp_die 'ip (iproute2) is missing'
}

# survey_unit UNIT: its state, and what keeps it from being started.
survey_unit() {
    probe_unit "$1"
    for file in "$(systemctl show -p FragmentPath "$1" 2>/dev/null </dev/null | sed 's/^FragmentPath=//')" \
        "/usr/lib/systemd/system/$1.d"/*.conf "/etc/systemd/system/$1.d"/*.conf "$hp_units/$1.d"/*.conf; do
        case $file in
        */50-haprov-drill.conf | '') continue ;;
        esac
        [ ! -f "$file" ] || survey_conditions "$1" "$file"
    done
}

# survey_conditions UNIT FILE: a start is refused where a condition does not hold; only those on a path's existence can be
# judged from outside.
survey_conditions() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        ConditionPathExists=* | AssertPathExists=*) ;;
        *) continue ;;
        esac
        path=${line#*=}
        case $path in
        '|'* | '') continue ;;
        '!'*) [ ! -e "${path#!}" ] || hp_say unmet "$1" "$2: $line" ;;
        *) [ -e "$path" ] || hp_say unmet "$1" "$2: $line" ;;
        esac
    done <"$2"
}

# survey_drills: what drills have left here, and when the host gives back what they broke. Where nothing is said of what that
# is, it is HAProxy.
survey_drills() {
    for file in "$hp_volatile/drill" "$hp_volatile/drill-until" "$hp_volatile/drill-restore.sh" \
        "$hp_volatile/drill-kept" "$hp_units"/*.d/50-haprov-drill.conf "$hp_units/haprov-drill-restore.timer" \
        "$hp_units/haprov-drill-restore.service"; do
        [ ! -e "$file" ] || hp_say remains "$file"
    done
    if drill_is_armed && [ -r "$hp_volatile/drill-until" ]; then
        until='' subject=''
        { read -r until _; read -r subject; } <"$hp_volatile/drill-until"
        [ -z "$until" ] || hp_say armed "$((until - $(hp_uptime)))" "${subject:-HAProxy}"
    fi
}

# survey_processes NAME UNIT: processes of a name that a kill of the unit would not reach, and those that somebody has stopped, which
# are there and do nothing.
survey_processes() {
    for comm in "$hp_proc"/[0-9]*/comm; do
        name=
        { read -r name; } 2>/dev/null <"$comm"
        [ "$name" = "$1" ] || continue
        process=${comm%/comm}
        state=Z
        { read -r _ _ state _; } 2>/dev/null <"$process/stat"
        case $state in
        Z) continue ;;
        T) hp_say frozen "${process#"$hp_proc"/}" ;;
        esac
        grep -qF "/$2" "$process/cgroup" 2>/dev/null || hp_say stray "${process#"$hp_proc"/}"
    done
}

# survey_haproxy [PROGRAM CONFIGURATION ARGUMENTS]…: whether it would start, by the first of these programs that is there. ARGUMENTS, by
# which it reads its configuration, are parted by blanks.
survey_haproxy() {
    while [ $# -gt 3 ] && [ ! -x "$1" ]; do shift 3; done
    # shellcheck disable=SC2086
    if [ ! -x "$1" ]; then
        hp_say config "$1 is missing"
    elif ! answer=$("$1" -c $3 2>&1 </dev/null); then
        # The first complaint; the last one only counts them.
        line=$(printf '%s\n' "$answer" | grep 'ALERT' | head -n 1 | cut -c 1-300)
        hp_say config "HAProxy refuses $2${line:+: $line}"
    fi
}

# survey_hardware NIC: its hardware address.
survey_hardware() { hp_say hardware "$(cat "/sys/class/net/$1/address" 2>/dev/null)"; }

# survey_path NIC UNIT PEER…: what may keep VRRP from passing: firewalls, neighbours that do not answer; the engine's last words.
survey_path() {
    if hp_have firewall-cmd && firewall-cmd --state >/dev/null 2>&1 </dev/null; then
        zone=$(firewall-cmd --get-zone-of-interface="$1" 2>/dev/null </dev/null)
        [ -n "$zone" ] || zone=$(firewall-cmd --get-default-zone 2>/dev/null </dev/null)
        if firewall-cmd --zone="$zone" --query-rich-rule='rule protocol value="vrrp" accept' >/dev/null 2>&1 ||
            firewall-cmd --zone="$zone" --query-protocol=vrrp >/dev/null 2>&1; then
            hp_say firewalld open "$zone"
        else
            hp_say firewalld closed "$zone"
        fi
    fi
    vrrp='(^|[^0-9.])112([^0-9.]|$)|vrrp|224\.0\.0\.18'
    if hp_have iptables; then
        iptables -S 2>/dev/null </dev/null | grep -E -- '-j (DROP|REJECT)' | grep -E "$vrrp" |
            head -n 3 | while IFS= read -r rule; do hp_say filter "iptables $rule"; done
    fi
    if hp_have nft; then
        nft list ruleset 2>/dev/null </dev/null | grep -E 'drop|reject' | grep -E "$vrrp" |
            head -n 3 | while IFS= read -r rule; do hp_say filter "nft ${rule#"${rule%%[![:space:]]*}"}"; done
    fi
    unit=$2
    shift 2
    for peer in "$@"; do
        hp_have ping || break
        ping -c 1 -W 1 "$peer" >/dev/null 2>&1 </dev/null || hp_say silent "$peer"
    done
    journalctl -u "$unit" -n 3 -o cat --no-pager 2>/dev/null </dev/null | cut -c 1-200 |
        while IFS= read -r line; do hp_say log "$line"; done
}

# survey_proof UNIT ENGINE FILE FOLDER…: what a proof is a proof of: a digest of what HAProxy reads in the first of these folders that is
# there, and of the daemon's FILE, in which no key and no line with a password takes part; what the programs of both units say of their version.
survey_proof() {
    haproxy=$(service_version "$1" -v) daemon=$(service_version "$2" --version) file=$3
    shift 3
    while [ $# -gt 1 ] && [ ! -d "$1" ]; do shift; done
    digest=$({
        find "$1" -type f ! -name '*.pem' ! -name '*.key' 2>/dev/null | sort | while IFS= read -r path; do
            printf '%s\n' "$path"
            grep -av -e password -e "^[ $hp_tab]*user " "$path"
        done
        grep -v auth_pass "$file" 2>/dev/null
    } | sha256sum)
    hp_say proof "${digest%% *}" "$haproxy" "$daemon"
}
