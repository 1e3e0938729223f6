# What a host's journal says of the service.

# host_logs SINCE FOLLOW HAPROXY UNIT: the entries of both units, and of haprov, since a time as systemd.time(7) has it, in the export
# format of journalctl with only the fields that are read; FOLLOW is yes where those to come are wanted too. First the host's clock.
# HAProxy tells of each connection by syslog, as information: of what it says that way only more serious words are wanted.
host_logs() {
    hp_have journalctl || hp_die "there is no journalctl here"
    since=$1 follow=$2
    shift 2
    set -- -q --no-pager -o export "--since=$since" SYSLOG_IDENTIFIER=haprov + _PID=1 "UNIT=$1" "UNIT=$2" + "_SYSTEMD_UNIT=$2" + \
        "_SYSTEMD_UNIT=$1" _TRANSPORT=stdout + \
        "_SYSTEMD_UNIT=$1" PRIORITY=0 PRIORITY=1 PRIORITY=2 PRIORITY=3 PRIORITY=4 PRIORITY=5
    hp_say clock "$(date +%s.%N)"
    [ "$follow" = yes ] || {
        logs_read "$@"
        return
    }
    # A broken pipe must end the loop below, not this shell at once: the reader would be left behind.
    trap '' PIPE
    trap logs_leave EXIT
    trap 'exit 1' HUP INT TERM
    logs_read -f --no-tail "$@" &
    reader=$!
    # Whether anybody still listens is noticed by this alone where the host has nothing to say.
    while hp_runs "$reader"; do
        hp_say beat 2>/dev/null || exit 0
        sleep 2
    done
}
logs_read() {
    journalctl "$@" </dev/null |
        grep -a --line-buffered -E '^$|^(__REALTIME_TIMESTAMP|SYSLOG_IDENTIFIER|_PID|SYSLOG_PID|MESSAGE)=' || :
}
# The pipe's processes are children of the reader.
logs_leave() {
    pkill -P "$reader" 2>/dev/null
    kill "$reader" 2>/dev/null
}
