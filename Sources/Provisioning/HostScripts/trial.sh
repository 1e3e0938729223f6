# Whether VRRP passes from host to host. Nothing stays behind.

# trial_hear SIZE ARGUMENT…: SIZE bytes of standard input are haprov-vrrpd, which hears until trial_end. A record says which program it
# is, by which process it hears, once it does; more at the end, who was heard. Ends too where nobody listens any more.
trial_hear() {
    bring haprov-vrrpd "$1" || hp_die "$bring_why"
    shift
    trial_heard=${bring_program%/*}/heard
    "$bring_program" trial hear "$@" </dev/null >"$trial_heard" 2>&1 &
    trial_process=$!
    trap 'kill "$trial_process" 2>/dev/null; bring_clear' EXIT
    while ! grep -qx hearing "$trial_heard"; do
        hp_runs "$trial_process" || hp_die "$(tail -n 1 "$trial_heard")"
        sleep 0.1
    done
    hp_say hearing "$bring_program" "$trial_process"
    while hp_runs "$trial_process"; do
        hp_say beat
        sleep 0.5
    done
    sed -n 's/^heard/@heard/p' "$trial_heard"
}

# trial_send PROGRAM ARGUMENT…: what was brought to hear sends, too.
trial_send() {
    trial_program=$1
    shift
    if trial_words=$("$trial_program" trial send "$@" 2>&1 </dev/null); then
        hp_say sent
    else
        hp_say refused "${trial_words##*: }"
    fi
}

# trial_end PROGRAM PROCESS: it says who was heard.
trial_end() { [ "$(readlink "$hp_proc/$2/exe")" != "$1" ] || kill "$2"; }
