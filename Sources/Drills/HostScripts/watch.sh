# Who holds the VIPs, as it happens.

# watch_vips VIPS SECONDS: the kernel's address events as they come, and twice a second a record that says how it stands, so that
# a lost event is noticed and so that this script notices that nobody listens any more. Ends by itself after some seconds.
watch_vips() {
    # A broken pipe must end the loop below, not this shell at once: the monitor would be left behind.
    trap '' PIPE
    monitor=
    trap watch_leave EXIT
    trap 'exit 1' HUP INT TERM
    ip -o monitor address 2>/dev/null </dev/null &
    monitor=$!
    pause=0.5
    hp_say watching events
    sleep 0.2
    end=$(($(hp_uptime) + $2))
    while [ "$(hp_uptime)" -lt "$end" ]; do
        # Without a monitor the state is looked at every 20 ms.
        if [ -n "$monitor" ] && ! hp_runs "$monitor"; then
            monitor='' pause=0.02
            hp_say watching polls
        fi
        for vip in $1; do hp_say_holds "$vip" 2>/dev/null || exit 0; done
        sleep "$pause"
    done
}
watch_leave() { [ -z "$monitor" ] || kill "$monitor" 2>/dev/null; }
