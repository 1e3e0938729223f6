# HAProxy's servers, by its own socket: haprov-prober takes a line there and brings the answer back. HAProxy forgets what it is told
# when it reads its configuration again, but for what stands in the file that `server-state-file` names.

# servers_with SIZE SOCKET: SIZE bytes of standard input are haprov-prober; before anything else.
servers_with() {
    servers_socket=$2
    bring haprov-prober "$1" || hp_die "$bring_why"
}

# servers_ask COMMAND: HAProxy's answer.
servers_ask() { "$bring_program" --socket "$servers_socket" "$1" 2>&1 </dev/null; }

# servers_states: every server as `show servers state` has it.
servers_states() {
    servers_answer=$(servers_ask 'show servers state') || hp_die "${servers_answer##*haprov-prober: }"
    case $servers_answer in 1*) ;; *) hp_die "HAProxy says of its servers: $(printf '%s\n' "$servers_answer" | head -n 1)" ;; esac
}

# servers_list: every server: backend, name, what it was told, how it is.
servers_list() {
    servers_states
    printf '%s\n' "$servers_answer" | awk -v t="$hp_tab" 'NF > 7 && $1 !~ /^#/ { print "@server" t $2 t $4 t $7 t $6 }'
}

# servers_set STATE BACKEND/SERVER…: ready, drain or maint; HAProxy answers with an empty line.
servers_set() {
    servers_state=$1
    shift
    for s in "$@"; do
        servers_answer=$(servers_ask "set server $s state $servers_state") ||
            hp_die "$s: ${servers_answer##*haprov-prober: }"
        [ -z "$servers_answer" ] || hp_die "HAProxy says of $s: $(printf '%s\n' "$servers_answer" | head -n 1)"
    done
}

# servers_keep CONFIGURATION…: those that are here name the file that HAProxy reads at its next start or reload. It gets what
# somebody asked for by hand, and nothing of how servers are: that is to be found anew.
servers_keep() {
    servers_file=$(servers_kept_in "$@")
    case $servers_file in /*) ;; *) hp_say fleeting; return ;; esac
    servers_states
    hp_sweep "${servers_file%/*}"
    n="${servers_file%/*}/.haprov-new.$$"
    hp_words=$(printf '%s\n' "$servers_answer" | awk '
        NR == 1 || (NF > 7 && $1 !~ /^#/ && ($7 % 2 == 1 || int($7 / 8) % 2 == 1))' 2>&1 >"$n" &&
        chmod 0640 "$n" && hp_flush_file "$n" && mv -fT -- "$n" "$servers_file" 2>&1) || {
        rm -f -- "$n"
        hp_die "cannot write to $servers_file: $(hp_reason)"
    }
    hp_label "$servers_file"
    hp_say kept "$servers_file"
}

# servers_count BACKEND/SERVER…: $servers_number is how many sessions they have, and wait for them.
servers_count() {
    servers_answer=$(servers_ask 'show stat') || hp_die "${servers_answer##*haprov-prober: }"
    servers_number=$(printf '%s\n' "$servers_answer" | awk -F, -v wanted=" $* " '
        index(wanted, " " $1 "/" $2 " ") { n += $3 + $5 }
        END { print n + 0 }')
}

# servers_await BACKEND/SERVER…: until they have no session any more; says every few seconds how many there are.
servers_await() {
    servers_said=0
    while :; do
        servers_count "$@"
        if [ "$servers_said" -eq 0 ] || [ "$servers_number" -eq 0 ]; then hp_say sessions "$servers_number"; fi
        [ "$servers_number" -ne 0 ] || return 0
        servers_said=$(((servers_said + 1) % 20))
        sleep 0.25
    done
}

# servers_sessions BACKEND/SERVER…: how many there are now.
servers_sessions() {
    servers_count "$@"
    hp_say sessions "$servers_number"
}
