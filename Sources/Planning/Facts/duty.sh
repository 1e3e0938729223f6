# What an operator has asked of this balancer for a while.

# probe_duty: the virtual routers that were moved here: identifier, by whom, since when; maintenance: by whom, since when, why, until
# when (seconds since 1970), and whether that is over.
probe_duty() {
    for f in "$hp_volatile"/moved-*; do
        [ -e "$f" ] || continue
        operator='' since=''
        { read -r operator; read -r since; } <"$f"
        hp_say moved "${f##*/moved-}" "$operator" "$since"
    done
    [ -e "$hp_home/maintenance" ] || return 0
    operator='' since='' until='' reason='' over=no
    { read -r operator; read -r since; read -r until; IFS= read -r reason; } <"$hp_home/maintenance"
    [ -z "$until" ] || [ "$(date +%s)" -lt "$until" ] || over=yes
    hp_say maintenance "$operator" "$since" "$reason" "$until" "$over"
}
