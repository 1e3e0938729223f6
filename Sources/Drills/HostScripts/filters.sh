# Traffic that a drill takes away from this host, by filters of its own, all of which go at once; gone after a reboot too.

# drill_block TARGET hold vrrp SECONDS | drill_block TARGET hold tcp ADDRESS:PORT…: VRRP is neither heard nor sent, or connections to
# there are rejected.
drill_block() {
    drill_is_armed || hp_die 'the way back is not armed'
    drill_filter_means >/dev/null || hp_die 'neither nft nor iptables works here'
    shift 2
    hp_say beginning
    if hp_words=$(drill_filter "$@" 2>&1); then
        hp_say gone
    else
        drill_unfilter
        hp_die "the filter could not be set: $hp_words"
    fi
}

# drill_isolate TARGET hold SECONDS NIC…: nothing comes in or goes out but on lo; the answer that it is so leaves first. ARP passes filters:
# until the way back is taken no NIC answers it.
drill_isolate() {
    drill_is_armed || hp_die 'the way back is not armed'
    drill_filter_means >/dev/null || hp_die 'neither nft nor iptables works here'
    shift 3
    for nic in "$@"; do
        file=/proc/sys/net/ipv4/conf/$nic/arp_ignore
        [ -r "$file" ] || hp_die "there is no NIC $nic"
        printf '%s %s\n' "$file" "$(cat "$file")"
    done >"$hp_volatile/drill-kept"
    hp_say beginning
    hp_say gone
    (
        trap '' HUP
        sleep 0.3
        drill_filter all
        while read -r file _; do printf '8\n' >"$file"; done <"$hp_volatile/drill-kept"
    ) >/dev/null 2>&1 </dev/null &
}

# drill_unblock TARGET vrrp SECONDS | drill_unblock TARGET tcp …: undoes it; harmless where there is nothing to undo.
drill_unblock() {
    [ "$2" != vrrp ] || drill_open input "$3"
    drill_unfilter
    drill_say_filtered
}

# drill_rejoin TARGET SECONDS NIC…: ends an isolation; harmless where there is none.
drill_rejoin() {
    if [ -r "$hp_volatile/drill-kept" ]; then
        while read -r file value; do printf '%s\n' "$value" >"$file"; done <"$hp_volatile/drill-kept"
    fi
    drill_open output "$2"
    drill_unfilter
    drill_say_filtered
}

# drill_open input|output SECONDS: everything but VRRP in that direction first, so that of two masters the one of the higher priority
# hears the other before that one gives way: it then announces the VIP anew, and clients that followed the other find it at once.
drill_open() {
    drill_is_filtered || return 0
    case $(drill_filter_means) in
    nft)
        printf '%s\n' 'flush chain inet haprov_drill input' 'flush chain inet haprov_drill output' \
            "add rule inet haprov_drill $1 meta l4proto 112 drop" | nft -f -
        ;;
    *)
        chain=haprov_drill_in
        [ "$1" = input ] || chain=haprov_drill_out
        for program in iptables ip6tables; do
            drill_has_filters "$program" "$chain" || continue
            # No moment without a rule for VRRP.
            "$program" -I "$chain" -p 112 -j DROP
            "$program" -F "$(drill_other "$chain")"
            while "$program" -D "$chain" 2 2>/dev/null; do :; done
        done </dev/null
        ;;
    esac >/dev/null 2>&1
    sleep "$2"
}
drill_other() { if [ "$1" = haprov_drill_in ]; then echo haprov_drill_out; else echo haprov_drill_in; fi; }

drill_say_filtered() {
    if drill_is_filtered; then hp_say state filtered; else hp_say state open; fi
}

# drill_filter_means: by what filters are set here.
drill_filter_means() {
    if hp_have nft && nft list tables >/dev/null 2>&1 </dev/null; then
        printf 'nft\n'
    elif drill_has_filters iptables; then
        printf 'iptables\n'
    else
        return 1
    fi
}

# drill_has_filters PROGRAM [CHAIN]: whether iptables or ip6tables works here, and has that chain.
drill_has_filters() {
    hp_have "$1" || return 1
    "$1" -S ${2:+"$2"} >/dev/null 2>&1 </dev/null
}

# drill_filter all|vrrp|tcp [ADDRESS:PORT…]
drill_filter() {
    case $(drill_filter_means) in
    nft) drill_nft_rules "$@" | nft -f - ;;
    *)
        for program in iptables ip6tables; do
            drill_has_filters "$program" || continue
            "$program" -N haprov_drill_in && "$program" -N haprov_drill_out || return 1
            drill_iptables_rules "$program" "$@" || return 1
            "$program" -I INPUT -j haprov_drill_in && "$program" -I OUTPUT -j haprov_drill_out || return 1
        done </dev/null
        ;;
    esac
}

drill_nft_rules() {
    what=$1
    shift
    printf 'table inet haprov_drill {\n'
    for hook in input output; do
        printf 'chain %s { type filter hook %s priority -300; policy accept;\n' "$hook" "$hook"
        case $what$hook in
        allinput) printf 'iif != "lo" drop\n' ;;
        alloutput) printf 'oif != "lo" drop\n' ;;
        vrrp*) printf 'meta l4proto 112 drop\n' ;;
        tcpoutput)
            for place in "$@"; do
                case ${place%:*} in *:*) family=ip6 ;; *) family=ip ;; esac
                printf '%s daddr %s tcp dport %s reject with tcp reset\n' "$family" "${place%:*}" "${place##*:}"
            done
            ;;
        esac
        printf '}\n'
    done
    printf '}\n'
}

# drill_iptables_rules PROGRAM KIND [ADDRESS:PORT…]
drill_iptables_rules() {
    program=$1
    what=$2
    shift 2
    case $what in
    all)
        "$program" -A haprov_drill_in ! -i lo -j DROP && "$program" -A haprov_drill_out ! -o lo -j DROP
        ;;
    vrrp) "$program" -A haprov_drill_in -p 112 -j DROP && "$program" -A haprov_drill_out -p 112 -j DROP ;;
    tcp)
        for place in "$@"; do
            case ${place%:*} in *:*) family=ip6tables ;; *) family=iptables ;; esac
            [ "$family" = "$program" ] || continue
            "$program" -A haprov_drill_out -d "${place%:*}" -p tcp --dport "${place##*:}" \
                -j REJECT --reject-with tcp-reset || return 1
        done
        ;;
    esac
}

drill_unfilter() {
    if hp_have nft; then nft delete table inet haprov_drill 2>/dev/null </dev/null; fi
    for program in iptables ip6tables; do
        drill_has_filters "$program" haprov_drill_in || continue
        "$program" -D INPUT -j haprov_drill_in
        "$program" -D OUTPUT -j haprov_drill_out
        for chain in haprov_drill_in haprov_drill_out; do
            "$program" -F "$chain"
            "$program" -X "$chain"
        done
    done 2>/dev/null </dev/null
}

# Either way counts: what an earlier look found may not be there any more.
drill_is_filtered() {
    { hp_have nft && nft list table inet haprov_drill >/dev/null 2>&1 </dev/null; } ||
        drill_has_filters iptables haprov_drill_in
}
