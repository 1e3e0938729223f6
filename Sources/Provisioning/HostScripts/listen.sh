# Who speaks VRRP on a NIC, heard without a word of our own. Nothing stays behind.

# listen NIC SECONDS SIZE: SIZE bytes of standard input are haprov-vrrpd; 0 where the controller has none. Where it may not
# run, tcpdump takes its place; where neither may, that is said.
listen() {
    if bring haprov-vrrpd "$3"; then
        listen_heard=${bring_program%/*}/heard
        if "$bring_program" listen --interface "$1" --seconds "$2" >"$listen_heard" 2>&1; then
            hp_say listened haprov-vrrpd
            sed 's/^/@/' "$listen_heard"
            return
        fi
        bring_why=$(tail -n 1 "$listen_heard")
    fi
    bring_clear
    if ! hp_have tcpdump; then
        hp_say listened no "$bring_why, and there is no tcpdump"
    elif listen_answer=$(listen_by_tcpdump "$1" "$2"); then
        hp_say listened tcpdump "$bring_why"
        [ -z "$listen_answer" ] || printf '%s\n' "$listen_answer"
    else
        hp_say listened no "$bring_why, and tcpdump may not listen"
    fi
}

# listen_by_tcpdump NIC SECONDS: speakers as haprov-vrrpd names them, as far as tcpdump's one line a packet tells.
listen_by_tcpdump() {
    { hp_within "$2" tcpdump -n -l -t -i "$1" 'ip proto 112 or ip6 proto 112' 2>/dev/null; echo "status $?"; } | awk '
        $1 == "status" { status = $2 }
        /VRRPv[23], Advertisement/ {
            id = priority = ""; word = "none"
            for (i = 1; i < NF; i++) {
                value = $(i + 1); sub(/,$/, "", value)
                if ($i == "vrid") id = value
                if ($i == "prio") priority = value
                if ($i == "authtype" && value != "none") word = value == "simple" ? "password" : value
                if ($i ~ /^VRRPv/) version = substr($i, 6, 1)
            }
            if (id == "" || priority == "") next
            said[$2 "\t" id "\t" version] = "@speaker\t" $2 "\t" id "\t" priority "\t" version "\t" word "\t\t\t\t"
        }
        # Stopped when its time was up, and not before.
        END { for (key in said) print said[key]; exit status != 124 }'
}
