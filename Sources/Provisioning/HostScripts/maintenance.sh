# Maintenance: no VRRP engine of haprov's runs here, nor is one started, by hand or at boot, until it ends.
#
# /var/lib/haprov/maintenance says so, by lines: who, since when, until when (seconds since 1970; empty), why, which engines ran.
# A drop-in of each engine's unit is its condition; masking would not do: haprov's own unit files are where a mask would be.

maintenance_etc=/etc/systemd/system

# maintenance_begin SECONDS OPERATOR TIME REASON UNIT…: SECONDS is how long it is to last; 0 where that is not said.
maintenance_begin() {
    m=$hp_home/maintenance running='' until=''
    [ "$1" -eq 0 ] || until=$(($(date +%s) + $1))
    operator=$2 since=$3 reason=$4
    shift 4
    for u in "$@"; do if systemctl -q is-active "$u"; then running="$running${running:+ }$u"; fi; done
    # One that was begun before has stopped them already.
    if [ -z "$running" ] && [ -e "$m" ]; then running=$(sed -n 5p "$m"); fi
    hp_write "$m.new" "$operator" "$since" "$until" "$reason" "$running"
    for u in "$@"; do maintenance_forbid "$u"; done
    hp_flush
    mv -fT -- "$m.new" "$m" || hp_die "cannot write to $m"
    hp_flush
    systemctl daemon-reload
    for u in "$@"; do
        systemctl -q is-active "$u" || continue
        hp_doing "stop $u"
        systemctl stop "$u" || hp_die "$(service_explain "$u" | tail -n 1)"
        hp_wait 60 service_is_down "$u" || hp_die "$u does not stop"
    done
    hp_doing
}

# maintenance_forbid UNIT: systemd does not start it.
maintenance_forbid() {
    ( umask 022; mkdir -p "$maintenance_etc/$1.d" ) || hp_die "cannot write to $maintenance_etc/$1.d"
    hp_write "$maintenance_etc/$1.d/90-haprov-maintenance.conf" \
        '# Written by haprov maintenance, which takes it away again.' '[Unit]' "ConditionPathExists=!$hp_home/maintenance"
    chmod 0644 "$maintenance_etc/$1.d/90-haprov-maintenance.conf"
    hp_label "$maintenance_etc/$1.d/90-haprov-maintenance.conf"
}

# maintenance_retire UNIT…: no VRRP any more, at boot neither, and nothing of haprov's.
maintenance_retire() {
    for u in "$@"; do
        if systemctl -q is-active "$u"; then
            systemctl stop "$u" || hp_die "$(service_explain "$u" | tail -n 1)"
            hp_wait 60 service_is_down "$u" || hp_die "$u does not stop"
        fi
        systemctl disable "$u" >/dev/null 2>&1 || :
        for l in "$service_etc"/rc[0-6S].d/S[0-9][0-9]"${u%.service}"; do [ ! -L "$l" ] || rm -f -- "$l"; done
        maintenance_allow "$u"
    done
    systemctl daemon-reload
    rm -rf -- "$hp_volatile" "$hp_home"
}

# maintenance_allow UNIT: systemd may start it.
maintenance_allow() {
    rm -f "$maintenance_etc/$1.d/90-haprov-maintenance.conf"
    rmdir "$maintenance_etc/$1.d" 2>/dev/null || :
}

# maintenance_end UNIT…: what ran before runs again.
maintenance_end() {
    m=$hp_home/maintenance
    running=$(sed -n 5p "$m" 2>/dev/null)
    for u in "$@"; do maintenance_allow "$u"; done
    systemctl daemon-reload
    for u in $running; do
        hp_doing "start $u"
        said=$(service_start_do "$u" 60 2>&1) || hp_die "$u does not start: $(printf '%s\n' "$said" | tail -n 1)"
    done
    # Last: what was cut off before is begun again.
    rm -f "$m"
    hp_doing
    hp_flush
}
