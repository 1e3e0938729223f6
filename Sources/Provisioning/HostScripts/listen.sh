# Who speaks VRRP on a NIC, heard without a word of our own. Nothing stays behind.

# Where the program that listens may be put and run: first tried first.
listen_places='/run /var/lib /usr/local'

# listen NIC SECONDS SIZE: SIZE bytes of standard input are haprov-vrrpd; 0 where the controller has none. Where it may not
# run, tcpdump takes its place; where neither may, that is said.
listen() {
    listen_left='' listen_why='haprov-vrrpd was not at hand'
    trap 'listen_clear' EXIT
    trap 'exit 1' HUP INT TERM PIPE
    if [ "$3" -gt 0 ] && listen_bring "$3"; then
        if "$listen_program" listen --interface "$1" --seconds "$2" >"$listen_heard" 2>&1; then
            hp_say listened haprov-vrrpd
            sed 's/^/@/' "$listen_heard"
            return
        fi
        listen_why=$(tail -n 1 "$listen_heard")
    fi
    listen_clear
    if ! hp_have tcpdump; then
        hp_say listened no "$listen_why, and there is no tcpdump"
    elif listen_answer=$(listen_by_tcpdump "$1" "$2"); then
        hp_say listened tcpdump "$listen_why"
        [ -z "$listen_answer" ] || printf '%s\n' "$listen_answer"
    else
        hp_say listened no "$listen_why, and tcpdump may not listen"
    fi
}

# listen_bring SIZE: puts the program where only root may look, and where it runs: a file system may be noexec, and fapolicyd
# or kysec know no program that did not come in a package.
listen_bring() {
    listen_program=''
    for d in $listen_places; do
        [ "$(df -Pk "$d" 2>/dev/null | awk 'NR == 2 { print $4 }')" -gt $(($1 / 1024 + 1024)) ] 2>/dev/null || continue
        d=$(mktemp -d "$d/.haprov-listen.XXXXXX" 2>/dev/null) || continue
        listen_left="$listen_left $d"
        if [ -z "$listen_program" ]; then head -c "$1" >"$d/haprov-vrrpd"; else cp "$listen_program" "$d/haprov-vrrpd"; fi
        [ "$(wc -c <"$d/haprov-vrrpd")" -eq "$1" ] || { listen_why='haprov-vrrpd could not be put there'; return 1; }
        listen_program=$d/haprov-vrrpd listen_heard=$d/heard
        chmod 0700 "$listen_program"
        if listen_why=$("$listen_program" --version 2>&1); then return; fi
        listen_why="haprov-vrrpd may not run (${listen_why##*: })"
    done
    [ -n "$listen_program" ] || listen_why='there is no place for haprov-vrrpd'
    return 1
}

listen_clear() {
    for d in $listen_left; do rm -rf -- "$d"; done
    listen_left=''
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
