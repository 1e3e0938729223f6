# Who answers for the VIP, looked at from outside. Changes nothing.

# probe_answers VIPS ADDRESS…: the machines that the kernel finds for each of the VIPs, a list, unless this host holds it, and its
# table of neighbours once it has looked for the other addresses too. The kernel keeps the first answer, so it is asked anew several
# times; arping(8) of iputils hears everybody.
probe_answers() {
    hp_vips=$1 hp_asked_for=
    shift
    for hp_vip in $hp_vips; do
        hp_nic=$(wire_nic "$hp_vip")
        if [ -z "$hp_nic" ] || [ -n "$(hp_nic_of "$hp_vip")" ]; then continue; fi
        hp_asked_for="$hp_asked_for $hp_vip/$hp_nic"
    done
    if [ -n "$hp_asked_for" ]; then
        hp_pings=
        for hp_address in "$@"; do
            [ -z "$(wire_nic "$hp_address")" ] || wire_ping "$hp_address" &
            hp_pings="$hp_pings $!"
        done
        for hp_pair in $hp_asked_for; do
            hp_vip=${hp_pair%/*} hp_nic=${hp_pair##*/}
            for _ in 1 2 3; do wire_machines "$hp_vip" "$hp_nic" -c 1 -w 1; done | wire_say_answers "$hp_vip" &
            hp_pings="$hp_pings $!"
        done
        for hp_ping in $hp_pings; do wait "$hp_ping"; done
    fi
    ip neigh show | sed -n 's/^\([0-9a-f.:]*\) .* lladdr \([0-9a-f:]*\).*/\1 \2/p' | while read -r hp_address hp_mac; do
        case " $hp_vips " in *" $hp_address "*) ;; *) hp_say known "$hp_address" "$hp_mac" ;; esac
    done
}

# Nobody has it (RFC 5737): who answers for it answers for everything (proxy ARP).
wire_nobodys=203.0.113.77

# probe_neighbour VIP NIC PEER…: who answers for the VIP, unless this host holds it, and for the PEERs: balancers that are not
# asked themselves. Meanwhile it is asked who answers for what nobody has.
probe_neighbour() {
    [ -z "$(hp_nic_of "$1")" ] || return 0
    hp_vip=$1 hp_nic=$2 hp_proxies=
    shift 2
    if ! wire_is_ipv6 "$hp_vip" && wire_arping; then
        wire_machines "$wire_nobodys" "$hp_nic" -f -c 1 -w 1 | wire_say_answers "$wire_nobodys" &
        hp_proxies=$!
    fi
    for hp_address in "$hp_vip" "$@"; do
        wire_machines "$hp_address" "$hp_nic" -f -c 2 -w 2 | wire_say_answers "$hp_address"
    done
    [ -z "$hp_proxies" ] || wait "$hp_proxies"
}

# wire_machines ADDRESS NIC OPTION…: the hardware addresses that answer for it: of everybody that arping(8) with these options
# hears, else of the one that the kernel takes. IPv6 has no ARP.
wire_machines() {
    hp_asked=$1 hp_link=$2
    shift 2
    if ! wire_is_ipv6 "$hp_asked" && wire_arping; then
        arping "$@" -I "$hp_link" "$hp_asked" 2>/dev/null </dev/null | sed -n 's/.*\[\([0-9A-Fa-f:]*\)\].*/\1/p'
    else
        ip neigh flush to "$hp_asked" dev "$hp_link" >/dev/null 2>&1
        wire_ping "$hp_asked"
        ip neigh show to "$hp_asked" dev "$hp_link" | sed -n 's/.*lladdr \([0-9a-f:]*\).*/\1/p'
    fi
}
wire_say_answers() { tr A-F a-f | sort -u | while IFS= read -r hp_mac; do hp_say answer "$1" "$hp_mac"; done; }

# wire_is_ipv6 ADDRESS
# wire_nic ADDRESS: the NIC on whose link the address is; nothing where a router is between.
wire_is_ipv6() { case $1 in *:*) ;; *) return 1 ;; esac; }
wire_nic() { ip -o route get "$1" 2>/dev/null | sed -n '/ via /d; /^local /d; s/.* dev \([^ ]*\) .*/\1/p' | head -n 1; }
# wire_ping ADDRESS: anything that makes the kernel look for it.
wire_ping() {
    hp_pinger=ping
    # Before iputils of 2015, another program asked by IPv6.
    if wire_is_ipv6 "$1" && hp_have ping6; then hp_pinger=ping6; fi
    if hp_have "$hp_pinger"; then "$hp_pinger" -c 1 -W 1 "$1" >/dev/null 2>&1 </dev/null; else health_connects "$1" 9 >/dev/null 2>&1; fi
}
# The other program of that name speaks otherwise.
wire_arping() { hp_have arping && arping -V 2>&1 </dev/null | grep -q iputils; }
