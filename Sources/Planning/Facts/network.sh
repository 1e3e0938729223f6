# What may come between a balancer and its packets, or take the VIP from its NIC. Changes nothing.

# probe_filters: the rules of iptables and nftables, where there are any. Nothing is loaded into the kernel to find out.
probe_filters() {
    rules=
    # What sets hold is not judged, and may be long.
    hp_have nft && rules=$(nft -nn list ruleset 2>/dev/null </dev/null | tr '\t' ' ' |
        sed -e 's/^ *//' -e '/^elements = {.*}$/d' -e '/^elements = {/,/}$/d')
    # The tables that iptables keeps in nftables are told better by itself.
    if hp_have iptables; then
        case $rules in
        *'table ip filter '*) iptables -S 2>/dev/null </dev/null | probe_rules iptables ;;
        *) ! grep -qsx filter /proc/net/ip_tables_names || iptables -S 2>/dev/null </dev/null | probe_rules iptables ;;
        esac
    fi
    printf '%s\n' "$rules" | probe_rules nft
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
            cat "$file" "/etc/systemd/network/$name.d"/*.conf "/run/systemd/network/$name.d"/*.conf \
                "/usr/lib/systemd/network/$name.d"/*.conf 2>/dev/null |
                grep -Eq '^KeepConfiguration=(yes|static)' || hp_say manager systemd-networkd "$file"
            ;;
        esac
    fi
    if systemctl -q is-active NetworkManager 2>/dev/null && hp_have nmcli; then
        case $(nmcli -g GENERAL.STATE device show "$1" 2>/dev/null </dev/null) in
        100*) hp_say manager NetworkManager '' ;;
        esac
    fi
}
