# Links that a drill takes down for a while, with the connection over which it gives the order.

# drill_flap TARGET hold SECONDS NIC…: the NICs go down and come back after some seconds; the answer that it is so leaves first. A link
# that goes down takes routes along, and addresses of IPv6.
drill_flap() {
    drill_is_armed || hp_die 'the way back is not armed'
    pause=$3
    shift 3
    for nic in "$@"; do
        ip link show dev "$nic" >/dev/null 2>&1 </dev/null || hp_die "there is no NIC $nic"
        printf 'link %s\n' "$nic"
        ip -6 -o addr show dev "$nic" scope global </dev/null | while read -r _ _ _ cidr _; do
            case $cidr in
            */128) ;;
            *) printf 'address %s dev %s\n' "$cidr" "$nic" ;;
            esac
        done
        for family in 4 6; do
            ip "-$family" route show dev "$nic" </dev/null | grep -v -e 'proto kernel' -e 'proto ra' |
                sed -e "s/^/route -$family /" -e "s/\$/ dev $nic/" -e 's/ linkdown//'
        done
    done >"$hp_volatile/drill-kept"
    hp_say beginning
    hp_say gone
    (
        trap '' HUP
        sleep 0.3
        for nic in "$@"; do ip link set dev "$nic" down; done
        sleep "$pause"
        drill_links_up
    ) >/dev/null 2>&1 </dev/null &
}

drill_links_up() {
    [ -r "$hp_volatile/drill-kept" ] || return 0
    # Addresses before routes, and gateways after what leads to them.
    for pass in link address route route; do
        while read -r word rest; do
            [ "$word" = "$pass" ] || continue
            # shellcheck disable=SC2086 # a list
            case $word in
            link) ip link set dev "$rest" up ;;
            address) ip addr replace $rest ;;
            route)
                family=${rest%% *}
                ip "$family" route replace ${rest#* }
                ;;
            esac
        done <"$hp_volatile/drill-kept"
    done 2>/dev/null </dev/null
    :
}

# drill_unflap TARGET SECONDS NIC…: they are up again; harmless where they never went down.
drill_unflap() {
    shift 2
    drill_links_up
    state=up
    for nic in "$@"; do ip link show dev "$nic" up 2>/dev/null </dev/null | grep -q . || state=down; done
    hp_say state "$state"
}
