# How a balancer stands, again and again over one channel.

# live INTERVAL EVERY SIZE SOCKET: what live_light says, which the script brings, every INTERVAL seconds, and before it every EVERY times
# what live_full says. SIZE bytes of standard input are haprov-prober, which asks HAProxy at SOCKET of its servers. Ends where nobody
# listens any more.
live() {
    servers_socket=$4
    if ! bring haprov-prober "$3"; then
        bring_clear
        bring_program=''
    fi
    live_round=1
    while :; do
        # What ends one round early does not end those to come.
        (live_light)
        hp_say round
        sleep "$1"
        live_round=$((live_round + 1))
        if [ "$live_round" -gt "$2" ]; then
            live_round=1
            (live_full)
        fi
    done
}

# live_servers: what HAProxy says of its servers, where it can be asked.
live_servers() { [ -z "$bring_program" ] || servers_list; }
