# Jobs: what is done to a host does not end with the connection. A script receives all that it needs, then starts itself once more in
# a session of its own, and follows what that says; whoever lost the connection follows it again from where it was.
#
# In memory: a full disk must not keep a script from saying so, and none of them outlives a reboot.
#
# Steps of a compilation are jobs/build-BUILD/step-…
#
#   jobs/NAME/script   what runs
#   jobs/NAME/process  its process, when that began, and what it is
#   jobs/NAME/out      all that it said
#   jobs/NAME/errors   likewise, on standard error
#   jobs/NAME/status   how it ended; without it, it was killed

# hp_claim NAME: before a job receives what it needs. One of that name began when this script was sent before: it is followed.
hp_claim() {
    if [ -d "$hp_volatile/jobs/$1" ]; then hp_follow "$1" 0; fi
    hp_receive
}

# hp_receive: a script that still waits for its input, on a connection that was lost, is ended.
hp_receive() {
    if ! hp_script_gone && [ "$hp_kind" = head ]; then hp_end_script head; fi
    hp_alive head
}

# hp_detach NAME KIND: goes on without the connection, as a `change` or a `build`, and follows that. `$haprov_script` is this script.
hp_detach() {
    hp_ended 0
    trap - EXIT
    hp_spot=$hp_volatile/jobs/$1
    hp_folder "${hp_spot%/*}"
    hp_words=$(mkdir -- "$hp_spot" 2>&1) || hp_die "cannot write to $hp_spot: $(hp_reason)"
    # shellcheck disable=SC2154 # whoever runs scripts sets it
    hp_write "$hp_spot/script" "$haprov_script"
    # No child of this shell, which would keep its number after its end. What it leaves running must not hold the connection, which may
    # be a terminal, open.
    hp_script=$(
        setsid "$hp_shell" "$hp_spot/script" "$1" "$2" </dev/null >>"$hp_spot/out" 2>>"$hp_spot/errors" 3>&- 4>&- 5>&- 6>&- &
        echo "$!"
    )
    hp_note_process "$hp_script" "$2"
    hp_follow "$1" 0
}

# hp_job RUN NAME KIND: what the script begins with in its second life.
hp_job() {
    trap '' HUP
    hp_run=$1
    hp_dir=$hp_home/runs/$1
    hp_spot=$hp_volatile/jobs/$2
    hp_own_spot=$hp_spot
    # Its first life may have ended before it could.
    hp_note_process "$$" "$3"
    hp_alive "$3"
    hp_go_on
}

# hp_note_process PROCESS KIND: once, by whichever life comes first.
hp_note_process() { ( set -C; hp_lines "$1 $(hp_born "$1") $2" >"$hp_spot/process" ) 2>/dev/null || :; }

# hp_follow NAME OFFSET: what it said from there on, a number of bytes, until it has ended; then ends as it did.
hp_follow() {
    hp_spot=$hp_volatile/jobs/$1
    hp_wait 10 test -s "$hp_spot/process" || hp_die "what was begun here is not to be found any more: the host went down meanwhile"
    hp_say job "$1"
    if hp_job_runs "$hp_spot"; then
        tail -c "+$(($2 + 1))" -f -s 0.1 --pid="$hp_script" "$hp_spot/out" 2>/dev/null
    else
        tail -c "+$(($2 + 1))" "$hp_spot/out"
    fi
    tail -c 4000 "$hp_spot/errors" >&2
    [ -s "$hp_spot/status" ] || hp_die "what was begun here was killed"
    exit "$(cat "$hp_spot/status")"
}

# hp_job_runs DIR: whether that job goes on; $hp_script is its process.
hp_job_runs() {
    [ -s "$1/process" ] || return 1
    read -r hp_script hp_since _ <"$1/process"
    [ -n "$hp_since" ] && [ "$(hp_born "$hp_script")" = "$hp_since" ]
}

# hp_end_builds: ends what is compiled here.
hp_end_builds() {
    for j in "$hp_volatile"/jobs/build-*/step-*; do
        ! hp_job_runs "$j" || hp_end_script build
    done
    rm -rf "$hp_volatile"/jobs/build-*
}

# hp_clear_jobs: of a run that has come to its end; also what is still compiled for one that died, and is of no use any more.
hp_clear_jobs() {
    hp_end_builds
    rm -rf "$hp_volatile/jobs"
    # Others may have something there.
    rmdir "$hp_volatile" 2>/dev/null || :
}

# hp_alive KIND: a sign of life every few seconds, so that a long and silent change is not taken for a dead host.
hp_alive() {
    hp_me="$$ $(hp_born "$$") $1"
    [ ! -d "$hp_home/lock" ] || hp_write "$hp_home/lock/script" "$hp_me"
    # A lock that has passed on is not kept alive by who lost it, nor by what is left of a script that was killed.
    ( trap '' INT; while sleep 5 >/dev/null 2>&1; do
        case $hp_me in "$$ $(hp_born "$$") "*) ;; *) exit ;; esac
        hp_say alive || exit
        [ "$(cat "$hp_home/lock/script" 2>/dev/null)" != "$hp_me" ] || touch -c "$hp_home/lock"
    done ) </dev/null &
    hp_alive_pid=$!
    trap 'hp_ended $?' EXIT
}

# hp_ended STATUS: the end of a script with signs of life.
hp_ended() {
    kill "$hp_alive_pid" 2>/dev/null
    [ -z "${hp_own_spot:-}" ] || hp_put "$hp_own_spot/status" "$1"
}

# hp_born PROCESS: when it began, in clock ticks (proc(5), field 22 of stat): a process number alone comes back. Nothing where it has
# ended.
hp_born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | sed '/^Z/d' | cut -d' ' -f20; }

# hp_script_gone: whether the script that the lock's holder last ran here has ended. $hp_kind is what it is: `head` while it waits for
# its input, `change` or `build`; those of earlier times do not say.
hp_script_gone() {
    hp_kind=
    [ -s "$hp_home/lock/script" ] || return 0
    read -r hp_script hp_since hp_kind <"$hp_home/lock/script"
    [ "$(hp_born "$hp_script")" != "$hp_since" ]
}

# hp_end_script KIND: ends the process $hp_script, born at $hp_since, at once, with all that a job has started.
hp_end_script() {
    case $1 in
    head) kill -9 "$hp_script" ;;
    *) kill -9 -"$hp_script" ;;
    esac 2>/dev/null
    hp_wait 10 hp_has_ended
}
hp_has_ended() { [ "$(hp_born "$hp_script")" != "$hp_since" ]; }
