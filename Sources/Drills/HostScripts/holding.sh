# Whether this host holds the address: "held INTERFACE" or "free".
holding() {
    ip -o -4 addr show 2>/dev/null | {
        found=free
        while read -r _ device family address _; do
            [ "$family" = inet ] || continue
            case $address in
            "$vip"/* | "$vip") found="held $device" ;;
            esac
        done
        printf '%s\n' "$found"
    }
}
