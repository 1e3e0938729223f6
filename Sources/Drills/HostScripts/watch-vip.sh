# Streams who holds the VIP: the kernel's address events as they come, and a line twice a second that says how it
# stands, so that a lost event is noticed and so that this script notices that nobody listens any more.
# Values: vip, seconds (after which it ends by itself).
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin:/usr/bin:/bin"
# A broken pipe must end the loop below, not this shell at once: the monitor would be left behind.
trap '' PIPE
monitor=
leave() { [ -z "$monitor" ] || kill "$monitor" 2>/dev/null; }
trap leave EXIT
trap 'exit 1' HUP INT TERM

alive() {
    state=Z
    { read -r _ _ state _; } 2>/dev/null <"/proc/$1/stat"
    [ "$state" != Z ]
}

ip -o monitor address 2>/dev/null </dev/null &
monitor=$!
sleep 0.2
read -r now _ </proc/uptime
end=$((${now%.*} + seconds))
while [ "${now%.*}" -lt "$end" ]; do
    # Without a monitor the state is looked at every 20 ms.
    if [ -n "$monitor" ] && alive "$monitor"; then kind=beat pause=0.5; else kind=poll pause=0.02 monitor=; fi
    printf '%s %s\n' "$kind" "$(holding)" 2>/dev/null || exit 0
    sleep "$pause"
    read -r now _ </proc/uptime
done
