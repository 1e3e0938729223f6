# The journal: what a run changed on this host, and what undoes it.
#
#   runs/RUN/meta          one `key=value` a line: `format=3`, the number of what is told here, which runs of earlier times lack;
#                          `functions=N`, the revision of undo.sh; `reason=TEXT` where the operator gave one;
#                          `wanted=SHA256`, what it was made from; `without=NAME,…`, balancers that were left out;
#                          `host=NAME ADDRESS PORT USER` for each balancer of the inventory; `folded=RUN` where it was folded into one
#                          with others up to that (fold.sh)
#   runs/RUN/undo.sh       the functions that undo this run's changes, with all that they need: no haprov of another version
#                          has to have them
#   runs/RUN/NNNN/function the host function; `NNNN` counts from 0001
#   runs/RUN/NNNN/args     its arguments, one a line
#   runs/RUN/NNNN/resource the resource's name
#   runs/RUN/NNNN/summary  what it does, in words
#   runs/RUN/NNNN/state    saved, started, done, failed, undoing, undone, one a line, each with the time (seconds since 1970): the
#                          last whole line counts. Runs of earlier formats have one word, and no time.
#   runs/RUN/NNNN/diff     what it changes in a file, as the plan showed it: secrets are masked
#   runs/RUN/NNNN/before/  what the kind needs to undo it
#   runs/RUN/NNNN/log      what its commands printed
#
# A change of kind K named K_V is made by K_V_do after K_V_save has kept what K_V_undo needs. Each is called with the arguments in
# `args`, $e the entry's directory, in a shell that ends at the first command that fails.
#
# The power may go at any moment. An entry counts once it is `saved`, and that is written once all that it keeps is on the disk; a
# change is made once `saved` is on the disk. An entry is `undone` once all that its undoing wrote is. What is only appended to is
# never without its older lines.

# hp_open RUN FORMAT FUNCTIONS CLUSTER COMMAND OPERATOR TIME REASON WANTED WITHOUT HOST…
hp_open() {
    hp_run=$1
    hp_go_on
    hp_dir=$hp_home/runs/$1
    hp_folder "$hp_dir"
    [ ! -s "$hp_dir/meta" ] || return 0
    hp_format=$2 hp_functions=$3 hp_cluster=$4 hp_command=$5 hp_operator=$6 hp_started=$7 hp_reason=$8
    shift 8
    hp_wanted=$1 hp_without=$2
    shift 2
    # A line `host=…` for each of the HOSTs.
    for hp_host in "$@"; do
        shift
        set -- "$@" "host=$hp_host"
    done
    hp_write "$hp_dir/meta" "format=$hp_format" "functions=$hp_functions" "cluster=$hp_cluster" "command=$hp_command" "operator=$hp_operator" "started=$hp_started" \
        ${hp_reason:+"reason=$hp_reason"} ${hp_wanted:+"wanted=$hp_wanted"} ${hp_without:+"without=$hp_without"} "$@"
    hp_log "haprov $hp_command of $hp_operator, run $hp_run, begins${hp_reason:+: $hp_reason}"
}

# hp_keep_functions SIZE: SIZE bytes of standard input are the functions by which this run is undone.
hp_keep_functions() { hp_take "$1" "$hp_dir/undo.sh" "the functions that undo this run"; }

# hp_entry NUMBER FUNCTION RESOURCE SUMMARY SIZE DIFF ARG…: receives a change; SIZE bytes of standard input are its content, the
# next DIFF bytes what it changes, for people.
hp_entry() {
    hp_e=$hp_dir/$1
    rm -rf "$hp_e"
    hp_folder "$hp_e/before"
    hp_write "$hp_e/function" "$2"
    hp_write "$hp_e/resource" "$3"
    hp_write "$hp_e/summary" "$4"
    [ "$5" -eq 0 ] || hp_take "$5" "$hp_e/new" "the content of change $1"
    [ "$6" -eq 0 ] || hp_take "$6" "$hp_e/diff" "the diff of change $1"
    shift 6
    hp_write "$hp_e/args" "$@"
}

# hp_state DIR WORD: adds a line; where there is no room for it, the state before stays.
hp_state() {
    hp_clock
    { printf '%s\n' "$2 $hp_now" >>"$1/state"; } 2>/dev/null && return 0
    hp_words=$(printf '%s\n' "$2 $hp_now" | dd of="$1/state" oflag=append conv=notrunc 2>&1 >/dev/null) && return 0
    hp_die "cannot write to $1/state: $(hp_reason)"
}

# hp_clock: $hp_now is the time, in seconds since 1970; without a process but for the first.
hp_clock() {
    read -r hp_up _ </proc/uptime
    [ -n "${hp_boot:-}" ] || hp_boot=$(($(date +%s) - ${hp_up%.*}))
    hp_now=$((hp_boot + ${hp_up%.*}))
}

# hp_log TEXT: for whoever reads this host's own log. Nothing depends on it.
hp_log() { ! hp_have logger || logger -t haprov -- "$1" 2>/dev/null || :; }

# hp_doing [TEXT]: what is under way here, for those who find the lock. Nothing depends on it.
hp_doing() { [ ! -d "$hp_home/lock" ] || { printf '%s' "$*" >"$hp_home/lock/step"; } 2>/dev/null || :; }

# hp_go_on: nothing more is begun once another run waits for this one to end, has the lock and is at work by now, or had it
# and is through.
hp_go_on() {
    if [ ! -d "$hp_home/lock" ]; then
        [ -z "${hp_run:-}" ] || hp_die "the lock has been taken over and given back: this run was silent for too long"
        return 0
    fi
    [ ! -e "$hp_home/lock/halt" ] || hp_die "$(cat "$hp_home/lock/halt")"
    if [ -n "${hp_run:-}" ] && [ "$(cat "$hp_home/lock/run" 2>/dev/null)" != "$hp_run" ]; then
        hp_owner=$(cat "$hp_home/lock/owner" 2>/dev/null)
        hp_die "the lock has passed to ${hp_owner:-somebody without a name}: this run was silent for too long"
    fi
}

# hp_begin RUN: before what a run does without the journal.
hp_begin() {
    hp_run=$1
    hp_go_on
}

# hp_call DIR SUFFIX: calls the entry's function with its arguments; $e is the entry's directory.
hp_call() {
    e=$1
    hp_f=$(cat "$1/function")$2
    set --
    while IFS= read -r hp_a; do set -- "$@" "$hp_a"; done <"$e/args"
    "$hp_f" "$@"
}

# hp_segment NUMBER…: keeps what undoes these changes, makes that durable, and all that was changed before; then makes them in order.
# Ends the script at the first that fails.
hp_segment() {
    for hp_n in "$@"; do
        # Not part of a condition: `set -e` would be ignored there.
        hp_write "$hp_dir/$hp_n/log"
        ( set -e; hp_call "$hp_dir/$hp_n" _save ) >>"$hp_dir/$hp_n/log" 2>&1 </dev/null
        hp_status=$?
        [ "$hp_status" -eq 0 ] || hp_fail "$hp_n" "$hp_status" "$hp_dir/$hp_n/log"
    done
    hp_flush
    for hp_n in "$@"; do hp_state "$hp_dir/$hp_n" saved; done
    hp_flush
    for hp_n in "$@"; do
        hp_go_on
        hp_state "$hp_dir/$hp_n" started
        hp_doing "$(cat "$hp_dir/$hp_n/summary")"
        hp_say started "$hp_n"
        ( set -e; hp_call "$hp_dir/$hp_n" _do ) >>"$hp_dir/$hp_n/log" 2>&1 </dev/null
        hp_status=$?
        if [ "$hp_status" -ne 0 ]; then
            # Said first: there may be no room to note it down.
            ( hp_fail "$hp_n" "$hp_status" "$hp_dir/$hp_n/log" )
            hp_state "$hp_dir/$hp_n" failed >/dev/null
            exit 1
        fi
        rm -f "$hp_dir/$hp_n/new"
        hp_state "$hp_dir/$hp_n" 'done'
        hp_doing
        hp_say "done" "$hp_n"
    done
}

# hp_fail NUMBER STATUS LOG: a step has failed; ends the script.
hp_fail() {
    hp_say failed "$@"
    hp_tail "$3"
    # A log on a full disk does not hold the reason.
    hp_put "$hp_home/room" "is there any?" || hp_say log "$hp_words"
    rm -f "$hp_home/room"
    hp_doing
    exit 1
}

# hp_tail LOG: its last lines, as records.
hp_tail() {
    tail -n 20 "$1" 2>/dev/null | tr '\t\r' '  ' | while IFS= read -r hp_line; do hp_say log "$hp_line"; done
}

# hp_undo RUN NUMBER OWNER: takes one change back, by the functions of its `journal` or by those of this script (`own`). Undoing
# twice is harmless, and done where the power goes before hp_settle.
hp_undo() {
    hp_u=$hp_home/runs/$1/$2
    [ -d "$hp_u" ] || hp_die "run $1 has no change $2 on this host"
    hp_read_state "$hp_u"
    case $hp_stage in
    undone | '') hp_say undone "$1/$2"; return ;;
    esac
    hp_go_on
    hp_state "$hp_u" undoing
    hp_doing "undo: $(cat "$hp_u/summary")"
    hp_say started "$1/$2"
    (
        # shellcheck source=/dev/null
        if [ "$3" = journal ]; then . "$hp_home/runs/$1/undo.sh" || exit 1; fi
        set -e
        hp_call "$hp_u" _undo
    ) >>"$hp_u/log" 2>&1 </dev/null
    hp_status=$?
    if [ "$hp_status" -ne 0 ]; then
        # Said first: there may be no room to note anything down.
        ( hp_fail "$1/$2" "$hp_status" "$hp_u/log" )
        hp_settle >/dev/null
        exit 1
    fi
    if [ -s "$hp_u/note" ]; then while IFS= read -r hp_line; do hp_say note "$1/$2" "$hp_line"; done <"$hp_u/note"; fi
    hp_unsettled="${hp_unsettled:-} $1/$2"
    hp_doing
    hp_say undone "$1/$2"
}

# hp_settle: what was taken back is on the disks, then it is marked so.
hp_settle() {
    [ -n "${hp_unsettled:-}" ] || return 0
    hp_flush
    for hp_n in $hp_unsettled; do hp_state "$hp_home/runs/$hp_n" undone; done
    hp_unsettled=
}

# hp_mark_undone RUN NUMBER: another step has taken this change back too.
hp_mark_undone() {
    hp_unsettled="${hp_unsettled:-} $1/$2"
    hp_say started "$1/$2"
    hp_say undone "$1/$2"
}

# hp_close RUN RESULT TIME: `ok`, `failed` or `rolled-back`, where the run took part. Without room for that, the run counts as
# interrupted.
hp_close() {
    [ -d "$hp_home/runs/$1" ] || return 0
    hp_meta=$hp_home/runs/$1/meta
    { hp_lines "result=$2" "finished=$3" >>"$hp_meta"; } 2>/dev/null || hp_say note '' "cannot write to $hp_meta"
    hp_log "haprov's run $1 has ended: $2"
    hp_flush
}

# The lock keeps two operators apart. Its age is the time since the last sign of life of who holds it; a holder
# that has been silent for 15 minutes is gone.
#
#   lock/run     the run
#   lock/owner   who it is, and which command
#   lock/holder  the process that took it
#   lock/script  the script that was run here last: its process, when that began, and what it is: see job.sh
#   lock/step    what is under way, for people
#   lock/halt    why that script is to begin nothing more
#
# hp_lock RUN OWNER HOLDER DEAD OVER BUILDS: HOLDER identifies the process that takes it, DEAD one that is known to be gone; the lock
# of the run OVER is taken whatever is known of its holder. What a dead one compiles goes on where BUILDS is `keep`, else it ends.
hp_lock() {
    hp_folder "$hp_home"
    hp_mine=$hp_home/lock.$$
    trap 'rm -rf "$hp_mine"' EXIT
    # Also where a haprov that waits here is ended: a shell that dies of a signal runs no trap of its exit.
    trap 'exit 1' HUP INT TERM PIPE
    rm -rf "$hp_mine"
    hp_folder "$hp_mine"
    hp_write "$hp_mine/run" "$1"
    hp_write "$hp_mine/owner" "$2"
    hp_write "$hp_mine/holder" "$3"
    hp_tries=0
    while [ "$hp_tries" -lt 5 ]; do
        hp_tries=$((hp_tries + 1))
        # All of it or nothing: whoever finds a lock finds its owner in it.
        if [ ! -d "$hp_home/lock" ]; then
            hp_words=$(mv -fT -- "$hp_mine" "$hp_home/lock" 2>&1) && return 0
            [ -d "$hp_home/lock" ] || hp_die "cannot write to $hp_home/lock: $(hp_reason)"
        fi
        # An older haprov makes the folder first and writes then; one without a name after that is of no use to anybody.
        hp_wait 10 hp_lock_named || :
        hp_found=$(cat "$hp_home/lock/run" 2>/dev/null)
        if [ "$hp_found" = "$1" ]; then
            rm -f "$hp_home/lock/script"
            touch -c "$hp_home/lock"
            return 0
        fi
        if [ -n "$hp_found" ] && [ "$hp_found" != "${5:-}" ] && [ "$(hp_age "$hp_home/lock")" -lt 900 ] &&
            { [ -z "$4" ] || [ "$(cat "$hp_home/lock/holder" 2>/dev/null)" != "$4" ]; }; then
            hp_say_lock locked
            exit 1
        fi
        hp_await_script "$2" "${6:-}"
        # Of several that come to this point at once, one moves the dead one's lock away.
        mv -fT -- "$hp_home/lock" "$hp_mine.gone" 2>/dev/null || continue
        if [ "$(cat "$hp_mine.gone/run" 2>/dev/null)" = "$hp_found" ] ||
            ! mv -fT -- "$hp_mine.gone" "$hp_home/lock" 2>/dev/null; then
            rm -rf "$hp_mine.gone"
        fi
    done
    hp_die "the lock in $hp_home changes hands all the time"
}
hp_lock_named() { [ -s "$hp_home/lock/run" ] || [ "$(hp_age "$hp_home/lock")" -ge 10 ]; }

# hp_await_script OWNER BUILDS: the script of a haprov that died goes on, and nothing may be done beside it. It begins no other
# change; the one that it is at comes to its end, such as a transaction of the package manager.
hp_await_script() {
    hp_script_gone && return 0
    if [ "$hp_kind" = build ]; then
        [ "$2" = keep ] || hp_end_builds
        return 0
    fi
    hp_put "$hp_home/lock/halt" "$1 takes this run for dead and waits for it to end" || :
    hp_turns=0
    until hp_wait 5 hp_script_gone; do
        hp_turns=$((hp_turns + 1))
        if [ "$hp_turns" -ge 180 ]; then
            hp_say_lock locked "$hp_script"
            exit 1
        fi
        hp_say waiting "$(cat "$hp_home/lock/step" 2>/dev/null)"
    done
}

# hp_await_dead RUN OWNER: likewise before it is planned what to do, where that run has the lock still. What it compiles goes on.
hp_await_dead() { [ "$(cat "$hp_home/lock/run" 2>/dev/null)" != "$1" ] || hp_await_script "$2" keep; }

# hp_say_lock WORD [PROCESS]: the lock as a record; PROCESS is the script that goes on although its haprov is dead.
hp_say_lock() {
    hp_say "$1" "$(cat "$hp_home/lock/owner" 2>/dev/null)" "$(cat "$hp_home/lock/run" 2>/dev/null)" \
        "$(hp_age "$hp_home/lock")" "$(cat "$hp_home/lock/holder" 2>/dev/null)" "$(hp_age "$hp_home/lock/run")" \
        "$(cat "$hp_home/lock/step" 2>/dev/null)" "$(hp_age "$hp_home/lock/step")" "${2:-}"
}

# hp_touch RUN: a sign of life. Of a lock that is moved away at this moment, no file may be made in its place.
hp_touch() { [ "$(cat "$hp_home/lock/run" 2>/dev/null)" != "$1" ] || touch -c "$hp_home/lock"; }

# hp_sweep_away RUN: what a run left for its compilations and packages, and marks without whom they are for; not those of another, which has the lock by now.
hp_sweep_away() {
    [ "$(cat "$hp_home/lock/run" 2>/dev/null)" = "$1" ] || return 0
    rm -rf "$hp_home/packages"
    build_clean
    move_sweep
}

# hp_unlock RUN: where what the run began here goes on, as after a haprov that was stopped at once, it begins nothing more, and the
# lock stays until it has ended.
hp_unlock() {
    [ "$(cat "$hp_home/lock/run" 2>/dev/null)" = "$1" ] || return 0
    if ! hp_script_gone; then
        if [ "$hp_kind" = build ]; then
            hp_end_builds
        else
            hp_put "$hp_home/lock/halt" 'this run was told to stop' || :
            hp_wait 3 hp_script_gone || { hp_say left "$(cat "$hp_home/lock/step" 2>/dev/null)"; return 0; }
        fi
    fi
    hp_clear_jobs
    if mv -fT -- "$hp_home/lock" "$hp_home/lock.$$.gone"; then rm -rf "$hp_home/lock.$$.gone"; else rm -rf "$hp_home/lock"; fi
}
