# Who answers for the VIP, and who speaks VRRP: looked at from outside and on the host. Changes nothing.

# probe_answers VIP ADDRESS…: the machines that the kernel finds for the VIP, unless this host holds it, and its table of
# neighbours once it has looked for the other addresses too. The kernel keeps the first answer, so it is asked anew several
# times; arping(8) of iputils hears everybody.
probe_answers() {
    hp_vip=$1
    shift
    hp_nic=$(wire_nic "$hp_vip")
    if [ -n "$hp_nic" ] && [ -z "$(hp_nic_of "$hp_vip")" ]; then
        hp_pings=
        for hp_address in "$@"; do
            [ -z "$(wire_nic "$hp_address")" ] || wire_ping "$hp_address" &
            hp_pings="$hp_pings $!"
        done
        for _ in 1 2 3; do
            if wire_arping; then
                arping -c 1 -w 1 -I "$hp_nic" "$hp_vip" 2>/dev/null </dev/null | sed -n 's/.*\[\([0-9A-Fa-f:]*\)\].*/\1/p'
            else
                ip neigh flush to "$hp_vip" dev "$hp_nic" >/dev/null 2>&1
                wire_ping "$hp_vip"
                ip neigh show to "$hp_vip" dev "$hp_nic" | sed -n 's/.*lladdr \([0-9a-f:]*\).*/\1/p'
            fi
        done | tr A-F a-f | sort -u | while IFS= read -r hp_mac; do hp_say answer "$hp_vip" "$hp_mac"; done
        for hp_ping in $hp_pings; do wait "$hp_ping"; done
    fi
    ip -4 neigh show | sed -n 's/^\([0-9.]*\) .* lladdr \([0-9a-f:]*\).*/\1 \2/p' | while read -r hp_address hp_mac; do
        [ "$hp_address" = "$hp_vip" ] || hp_say known "$hp_address" "$hp_mac"
    done
}

# wire_nic ADDRESS: the NIC on whose link the address is; nothing where a router is between.
wire_nic() { ip -o -4 route get "$1" 2>/dev/null | sed -n '/ via /d; /^local /d; s/.* dev \([^ ]*\) .*/\1/p' | head -n 1; }
# wire_ping ADDRESS: anything that makes the kernel look for it.
wire_ping() {
    if hp_have ping; then ping -c 1 -W 1 "$1" >/dev/null 2>&1 </dev/null; else health_connects "$1" 9 >/dev/null 2>&1; fi
}
# The other program of that name speaks otherwise.
wire_arping() { hp_have arping && arping -V 2>&1 </dev/null | grep -q iputils; }

# probe_vrrp VIP…: programs that speak VRRP here, each with its process and unit, and whether their configuration is about one
# of the VIPs.
probe_vrrp() {
    for hp_comm in /proc/[0-9]*/comm; do
        hp_name=
        { read -r hp_name; } 2>/dev/null <"$hp_comm"
        case $hp_name in keepalived | haprov-vrrpd) ;; *) continue ;; esac
        hp_process=${hp_comm%/comm}
        hp_parent=
        { read -r hp_parent; } 2>/dev/null <"/proc/$(sed 's/.*) //' "$hp_process/stat" 2>/dev/null | cut -d' ' -f2)/comm"
        [ "$hp_parent" != "$hp_name" ] || continue
        hp_unit=$(sed -n 's,.*/\([^/]*\.service\)$,\1,p' "$hp_process/cgroup" 2>/dev/null | head -n 1)
        hp_say vrrp "$hp_name" "${hp_process#/proc/}" "$hp_unit"
    done
    hp_file=/etc/keepalived/keepalived.conf
    [ -r "$hp_file" ] || return 0
    for hp_vip in "$@"; do if grep -qwF -e "$hp_vip" "$hp_file"; then return 0; fi; done
    if ! awk '$1 == "include" { n++ } END { exit !n }' "$hp_file"; then
        hp_say vrrp-about "$1" no
    fi
}
