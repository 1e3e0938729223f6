# What may come between a balancer and its packets, or take the VIP from its NIC. Changes nothing.

# probe_filters: the rules of iptables and nftables, where there are any. Nothing is loaded into the kernel to find out.
probe_filters() {
    rules=
    # What sets hold is not judged, and may be long.
    hp_have nft && rules=$(nft -nn list ruleset 2>/dev/null </dev/null | tr '\t' ' ' |
        sed -e 's/^ *//' -e '/^elements = {.*}$/d' -e '/^elements = {/,/}$/d')
    # Who `iptables` is: it keeps its tables in nftables, or where it did before there were any.
    own=
    hp_have iptables && case $(iptables -V 2>/dev/null </dev/null) in *nf_tables*) own=nft ;; *) own=legacy ;; esac
    for table in filter mangle raw; do
        # The tables that it keeps in nftables are told better by itself; where nobody else can tell, too.
        case $rules in
        *"table ip $table {"*) probe_iptables nft "$table" ;;
        '') hp_have nft || [ ! -e /sys/module/nf_tables ] || probe_iptables nft "$table" ;;
        esac
        ! grep -qsx "$table" "$hp_proc/net/ip_tables_names" || probe_iptables legacy "$table"
    done
    printf '%s\n' "$rules" | probe_rules nft
}
# probe_iptables nft|legacy TABLE: by the command that people on this host would use.
probe_iptables() {
    command=iptables
    [ "$own" = "$1" ] || command=iptables-$1
    hp_have "$command" || return 0
    [ "$2" = filter ] || command="$command -t $2"
    $command -S 2>/dev/null </dev/null | probe_rules "$command"
}
# probe_rules KIND: the rules that come in, and that there are more where there are very many.
probe_rules() {
    number=0
    while IFS= read -r rule; do
        number=$((number + 1))
        if [ "$number" -gt 3000 ]; then
            hp_say filter-cut "$1"
            cat >/dev/null
            break
        fi
        hp_say filter "$1" "$rule"
    done
}

# probe_manager NIC: who may take addresses from it that it did not put there, and the file that says how it keeps it.
probe_manager() {
    if systemctl -q is-active systemd-networkd 2>/dev/null; then
        file=$(networkctl status "$1" --no-pager 2>/dev/null </dev/null | sed -n 's/^ *Network File: //p')
        case $file in
        /*.network)
            name=${file##*/}
            keeps=$(cat "$file" "/usr/lib/systemd/network/$name.d"/*.conf "/run/systemd/network/$name.d"/*.conf \
                "/etc/systemd/network/$name.d"/*.conf 2>/dev/null | sed -n 's/^KeepConfiguration=//p' | tail -n 1)
            hp_say manager systemd-networkd "$file" "$keeps" "$1"
            ;;
        esac
    fi
    if systemctl -q is-active NetworkManager 2>/dev/null && hp_have nmcli; then
        case $(nmcli -g GENERAL.STATE device show "$1" 2>/dev/null </dev/null) in
        100*) hp_say manager NetworkManager '' '' "$1" ;;
        esac
    fi
}
