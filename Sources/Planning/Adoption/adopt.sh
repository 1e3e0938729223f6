# What somebody has set up by hand, for an inventory to be made of it. Changes nothing.

# probe_version NAME PROGRAM: the line by which it says what it is.
probe_version() {
    case $1 in haproxy) option=-v ;; *) option=--version ;; esac
    hp_say foundversion "$1" "$("$2" "$option" 2>&1 </dev/null | grep -i -m 1 "$1")"
}

# probe_reload UNIT: whether it can be told to read its configuration again.
probe_reload() { hp_say foundreload "$1" "$(systemctl show -p CanReload "$1" 2>/dev/null | cut -d= -f2)"; }
