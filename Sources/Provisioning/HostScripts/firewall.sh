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
