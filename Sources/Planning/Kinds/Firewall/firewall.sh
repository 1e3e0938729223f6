# firewalld: rules are added at run time and permanently, each by itself, so that no reload drops connections.

# firewall_has WHERE ZONE KIND VALUE: WHERE is --permanent or empty.
firewall_has() { firewall-cmd ${1:+"$1"} --zone="$2" "--query-$3=$4" >/dev/null 2>&1; }

# firewall_open ZONE KIND VALUE: KIND is port or rich-rule.
firewall_open_save() {
    firewall_has '' "$1" "$2" "$3" && : >"$e/before/runtime"
    firewall_has --permanent "$1" "$2" "$3" && : >"$e/before/permanent"
    firewall-cmd --permanent --zone="$1" --list-all >"$e/before/listing"
    hp_image "/etc/firewalld/zones/$1.xml" "$e/before/zone"
    hp_image "/etc/firewalld/zones/$1.xml.old" "$e/before/zone-old"
}
firewall_open_do() {
    firewall_has --permanent "$1" "$2" "$3" || firewall-cmd --permanent --zone="$1" "--add-$2=$3"
    firewall_has '' "$1" "$2" "$3" || firewall-cmd --zone="$1" "--add-$2=$3"
    hp_sha256 "/etc/firewalld/zones/$1.xml" >"$e/after"
}
firewall_open_undo() {
    if systemctl -q is-active firewalld; then
        if [ ! -e "$e/before/runtime" ] && firewall_has '' "$1" "$2" "$3"; then
            firewall-cmd --zone="$1" "--remove-$2=$3"
        fi
        if [ ! -e "$e/before/permanent" ] && firewall_has --permanent "$1" "$2" "$3"; then
            firewall-cmd --permanent --zone="$1" "--remove-$2=$3"
        fi
    fi
    # firewalld rewrites the whole zone file: where it says the same as before again, the bytes come back too.
    if systemctl -q is-active firewalld; then
        firewall-cmd --permanent --zone="$1" --list-all >"$e/now"
        cmp -s "$e/now" "$e/before/listing" || return 0
    else
        # The rules undone before this one may have brought the old file back already.
        zone=/etc/firewalld/zones/$1.xml
        if [ ! -e "$zone" ] || cmp -s "$zone" "$e/before/zone/image"; then return 0; fi
        if [ "$(hp_sha256 "$zone")" != "$(cat "$e/after" 2>/dev/null)" ]; then
            [ -e "$e/before/permanent" ] || firewall-offline-cmd --zone="$1" "--remove-$2=$3"
            echo "$zone had been changed since: only the rule for $3 was taken out of it" >"$e/note"
            return 0
        fi
    fi
    hp_restore "/etc/firewalld/zones/$1.xml" "$e/before/zone"
    hp_restore "/etc/firewalld/zones/$1.xml.old" "$e/before/zone-old"
}

# probe_firewall NIC: the NIC's zone, and what is open in it now and after a restart. firewall-cmd takes a second a call
# on a small host, its D-Bus interface a hundredth of that.
probe_firewall() {
    if ! hp_have firewall-cmd || ! systemctl -q is-active firewalld; then hp_say firewall inactive ''; return; fi
    zone=$(probe_firewalld .zone getZoneOfInterface s "$1" | sed -n 's/^s "\(.*\)"$/\1/p')
    [ -n "$zone" ] || zone=$(probe_firewalld '' getDefaultZone | sed -n 's/^s "\(.*\)"$/\1/p')
    if [ -z "$zone" ]; then
        zone=$(firewall-cmd --get-zone-of-interface="$1" 2>/dev/null) || zone=$(firewall-cmd --get-default-zone)
        hp_say firewall active "$zone"
        probe_zone runtime --zone="$zone" --list-all
        probe_zone permanent --permanent --zone="$zone" --list-all
        return
    fi
    hp_say firewall active "$zone"
    # aas 1 2 "80" "tcp"
    probe_firewalld .zone getPorts s "$zone" | grep -o '"[0-9-]*" "[a-z]*"' | tr -d '"' | while read -r port protocol; do
        hp_say firewall-rule runtime "port=$port/$protocol"
    done
    # as 1 "rule protocol value=\"vrrp\" accept"
    probe_firewalld .zone getRichRules s "$zone" | sed 's/^as [0-9]* //; s/" "/"\n"/g' | while IFS= read -r rule; do
        rule=$(printf '%s\n' "$rule" | sed 's/^"//; s/"$//; s/\\"/"/g')
        case $rule in rule*) hp_say firewall-rule runtime "rich-rule=$rule" ;; esac
    done
    for f in "/etc/firewalld/zones/$zone.xml" "/usr/lib/firewalld/zones/$zone.xml"; do
        [ -r "$f" ] || continue
        { tr -s ' \t\n' ' ' <"$f" && echo; } | sed 's/> </></g; s/ \/>/\/>/g; s/<port /\n&/g; s/<rule/\n&/g' | sed -n \
            -e 's/^<port protocol="\([a-z]*\)" port="\([0-9-]*\)".*/port=\2\/\1/p' \
            -e 's/^<port port="\([0-9-]*\)" protocol="\([a-z]*\)".*/port=\1\/\2/p' \
            -e 's/^<rule><protocol value="\([a-z0-9-]*\)"\/><accept\/><\/rule>.*/rich-rule=rule protocol value="\1" accept/p' |
            while IFS= read -r rule; do hp_say firewall-rule permanent "$rule"; done
        break
    done
}
probe_firewalld() {
    hp_have busctl || return 0
    interface=$1
    shift
    busctl call org.fedoraproject.FirewallD1 /org/fedoraproject/FirewallD1 "org.fedoraproject.FirewallD1$interface" "$@" \
        2>/dev/null
}
probe_zone() {
    where=$1
    shift
    firewall-cmd "$@" 2>/dev/null | while IFS= read -r line; do
        case $line in
        *' ports: '*) for r in ${line#*ports: }; do hp_say firewall-rule "$where" "port=$r"; done ;;
        *'rule '*) hp_say firewall-rule "$where" "rich-rule=rule ${line#*rule }" ;;
        esac
    done
}

# ufw(8): its rules stand in two files, for IPv4 and IPv6, which it rewrites as a whole, and in the kernel.
ufw_etc=/etc/ufw
ufw_files='user.rules user6.rules'

# ufw_open TRANSPORT PORT: PORT is `any` for what has none.
ufw_open_save() {
    others=$(ufw_others "$@")
    [ -z "$others" ] || {
        echo "a rule of somebody else's says otherwise, and ufw would put this one in its place: $others; see ufw status"
        return 1
    }
    for f in $ufw_files; do hp_image "$ufw_etc/$f" "$e/before/$f" || return 1; done
}
ufw_open_do() { ufw_rule allow "$@"; }
ufw_open_undo() {
    if ufw_has "$1 $2" "$e/before/user.rules/image"; then return 0; fi
    if ufw_has "$1 $2" "$ufw_etc/user.rules"; then
        # Where somebody had let it in by IPv6, that stays.
        from=any
        ! ufw_has "$1 $2" "$e/before/user6.rules/image" || from=0.0.0.0/0
        ufw_rule 'delete allow' "$@" "$from" || return 1
    fi
    # Where they say the same as before again, the bytes come back too: its rules, and the rest, which changes with `ufw logging`.
    for f in $ufw_files; do
        [ "$(ufw_tuples "$ufw_etc/$f")" = "$(ufw_tuples "$e/before/$f/image")" ] || return 0
        [ "$(ufw_rest "$ufw_etc/$f")" = "$(ufw_rest "$e/before/$f/image")" ] || return 0
    done
    for f in $ufw_files; do hp_restore "$ufw_etc/$f" "$e/before/$f"; done
}
# ufw_rule WORDS TRANSPORT PORT [FROM]: FROM is any, or 0.0.0.0/0 for IPv4 alone.
ufw_rule() {
    # shellcheck disable=SC2086 # its words
    case $3:${4:-any} in
    any:*) ufw $1 proto "$2" from "${4:-any}" to "${4:-any}" </dev/null ;;
    *:any) ufw $1 "$3/$2" </dev/null ;;
    *) ufw $1 proto "$2" from "$4" to "$4" port "$3" </dev/null ;;
    esac
}
# ufw_tuples FILE: its rules, as it writes them down for itself.
ufw_tuples() { sed -n 's/^### tuple ### //p' "$1" 2>/dev/null; }
# ufw_rest FILE: what it holds beside rules.
ufw_rest() { sed '/^### RULES ###/,/^### END RULES ###/d' "$1" 2>/dev/null; }
# ufw_closing FILE: rules from anywhere to anywhere that do something else than ours: action, transport, ports, direction.
ufw_closing() {
    ufw_tuples "$1" | awk '$1 != "allow" && $1 !~ /^route:/ && $4 ~ /\/0$/ && $5 == "any" && $6 ~ /\/0$/ {
        # The names of applications may come before it.
        direction = $7 ~ /^in(_|$)/ ? $7 : $9
        if (direction ~ /^in(_|$)/) print $1, $2, $3, direction
    }'
}
# ufw_others TRANSPORT PORT: rules that differ from ours in what they do alone.
ufw_others() {
    for f in $ufw_files; do ufw_closing "$ufw_etc/$f"; done | awk -v transport="$1" -v port="$2" '
        $2 == transport && $3 == port && $4 == "in" { print $1, $3 "/" $2 }' | sort -u | paste -sd, -
}
# ufw_opened FILE: what it lets in from anywhere, by transport and port.
ufw_opened() {
    ufw_tuples "$1" | awk '$1 ~ /^allow(_log|_log-all)?$/ && $4 ~ /\/0$/ && $5 == "any" && $6 ~ /\/0$/ && $7 == "in" { print $2, $3 }'
}
# ufw_has RULE FILE
ufw_has() { ufw_opened "$2" | grep -qxF "$1"; }

# probe_ufw: whether it filters, its version, what it lets in from anywhere, and what it does otherwise.
probe_ufw() {
    hp_have ufw && grep -qs '^ENABLED=yes' "$ufw_etc/ufw.conf" && ufw status </dev/null 2>/dev/null | grep -q '^Status: active' || return 0
    hp_say ufw active "$(ufw version </dev/null 2>/dev/null | sed -n '1s/^ufw //p')"
    ufw_opened "$ufw_etc/user.rules" | while IFS= read -r rule; do hp_say ufw-rule "$rule"; done
    for f in $ufw_files; do
        ufw_closing "$ufw_etc/$f" | while read -r action transport ports direction; do
            hp_say ufw-other "$f" "$action" "$transport" "$ports" "$direction"
        done
    done
    # By hand, where ufw itself cannot.
    ! grep -Eqs '^-A ufw-before-input (.* )?-p (vrrp|112) (.* )?-j ACCEPT' "$ufw_etc/before.rules" || hp_say ufw-rule 'vrrp any'
}
