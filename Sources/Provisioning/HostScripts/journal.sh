# The journal: what a run changed on this host, and what undoes it.
#
#   runs/RUN/meta          one `key=value` a line; `host=NAME ADDRESS PORT USER` for each balancer of the inventory
#   runs/RUN/NNNN/function the host function; `NNNN` counts from 0001
#   runs/RUN/NNNN/args     its arguments, one a line
#   runs/RUN/NNNN/resource the resource's name
#   runs/RUN/NNNN/summary  what it does, in words
#   runs/RUN/NNNN/state    saved, started, done, failed, undoing, undone
#   runs/RUN/NNNN/before/  what the kind needs to undo it
#   runs/RUN/NNNN/log      what its commands printed
#
# A change of kind K named K_V is made by K_V_do after K_V_save has kept what K_V_undo needs.

# hp_open RUN CLUSTER COMMAND OPERATOR TIME HOST…
hp_open() {
    # A run that was silent for too long may have lost the lock to another, which is at work by now.
    if [ -d "$hp_home/lock" ] && [ "$(cat "$hp_home/lock/run" 2>/dev/null)" != "$1" ]; then
        hp_die "the lock has passed to $(cat "$hp_home/lock/owner" 2>/dev/null): this run was silent for too long"
    fi
    hp_dir=$hp_home/runs/$1
    mkdir -p "$hp_dir" || hp_die "cannot write to $hp_dir"
    [ ! -e "$hp_dir/meta" ] || return 0
    printf 'cluster=%s\ncommand=%s\noperator=%s\nstarted=%s\n' "$2" "$3" "$4" "$5" >"$hp_dir/meta"
    shift 5
    [ $# -eq 0 ] || printf 'host=%s\n' "$@" >>"$hp_dir/meta"
}

# hp_entry NUMBER FUNCTION RESOURCE SUMMARY SIZE ARG…: receives a change; SIZE bytes of standard input are its content.
hp_entry() {
    hp_e=$hp_dir/$1
    rm -rf "$hp_e"
    mkdir -p "$hp_e/before"
    hp_write "$hp_e/function" "$2"
    hp_write "$hp_e/resource" "$3"
    hp_write "$hp_e/summary" "$4"
    if [ "$5" -gt 0 ]; then
        head -c "$5" >"$hp_e/new"
        [ "$(wc -c <"$hp_e/new")" -eq "$5" ] || hp_die "the content of change $1 arrived incomplete"
    fi
    shift 5
    hp_write "$hp_e/args" "$@"
}

# hp_write FILE LINE…: a full disk must not pass for an empty line.
hp_write() {
    hp_file=$1
    shift
    if [ $# -gt 0 ]; then printf '%s\n' "$@"; fi >"$hp_file" || hp_die "cannot write to $hp_file"
}

# hp_call DIR SUFFIX: calls the entry's function with its arguments; $e is the entry's directory.
hp_call() {
    e=$1
    hp_f=$(cat "$1/function")$2
    set --
    while IFS= read -r hp_a; do set -- "$@" "$hp_a"; done <"$e/args"
    "$hp_f" "$@"
}

# hp_segment NUMBER…: keeps what undoes these changes, makes that durable, then makes them in order.
# Ends the script at the first that fails.
hp_segment() {
    for hp_n in "$@"; do
        # Not part of a condition: `set -e` would be ignored there.
        ( set -e; hp_call "$hp_dir/$hp_n" _save ) >"$hp_dir/$hp_n/log" 2>&1 </dev/null
        hp_status=$?
        if [ "$hp_status" -ne 0 ]; then
            hp_say failed "$hp_n" "$hp_status" "$hp_dir/$hp_n/log"
            hp_tail "$hp_dir/$hp_n/log"
            exit 1
        fi
        hp_write "$hp_dir/$hp_n/state" saved
    done
    sync
    for hp_n in "$@"; do
        hp_write "$hp_dir/$hp_n/state" started
        hp_say started "$hp_n"
        ( set -e; hp_call "$hp_dir/$hp_n" _do ) >>"$hp_dir/$hp_n/log" 2>&1 </dev/null
        hp_status=$?
        if [ "$hp_status" -ne 0 ]; then
            hp_write "$hp_dir/$hp_n/state" failed
            hp_say failed "$hp_n" "$hp_status" "$hp_dir/$hp_n/log"
            hp_tail "$hp_dir/$hp_n/log"
            exit 1
        fi
        rm -f "$hp_dir/$hp_n/new"
        hp_write "$hp_dir/$hp_n/state" 'done'
        hp_say "done" "$hp_n"
    done
}

# hp_tail LOG: its last lines, as records.
hp_tail() {
    tail -n 20 "$1" | tr '\t\r' '  ' | while IFS= read -r hp_line; do hp_say log "$hp_line"; done
}

# hp_undo RUN NUMBER: takes one change back. Undoing twice is harmless.
hp_undo() {
    hp_u=$hp_home/runs/$1/$2
    [ -d "$hp_u" ] || hp_die "run $1 has no change $2 on this host"
    case $(cat "$hp_u/state" 2>/dev/null) in
    undone | '') hp_say undone "$1/$2"; return ;;
    esac
    hp_write "$hp_u/state" undoing
    hp_say started "$1/$2"
    ( set -e; hp_call "$hp_u" _undo ) >>"$hp_u/log" 2>&1 </dev/null
    hp_status=$?
    if [ "$hp_status" -ne 0 ]; then
        hp_say failed "$1/$2" "$hp_status" "$hp_u/log"
        hp_tail "$hp_u/log"
        exit 1
    fi
    if [ -s "$hp_u/note" ]; then while IFS= read -r hp_line; do hp_say note "$1/$2" "$hp_line"; done <"$hp_u/note"; fi
    hp_write "$hp_u/state" undone
    hp_say undone "$1/$2"
}

# hp_mark_undone RUN NUMBER: another step has taken this change back too.
hp_mark_undone() {
    hp_write "$hp_home/runs/$1/$2/state" undone
    hp_say started "$1/$2"
    hp_say undone "$1/$2"
}

# hp_close RESULT TIME: `ok`, `failed` or `rolled-back`.
hp_close() {
    printf 'result=%s\nfinished=%s\n' "$1" "$2" >>"$hp_dir/meta"
    sync
}

# hp_alive: a sign of life every few seconds, so that a long and silent change is not taken for a dead host.
hp_alive() {
    [ ! -d "$hp_home/lock" ] || printf '%s %s\n' "$$" "$(hp_born "$$")" >"$hp_home/lock/script"
    ( trap '' INT; while sleep 5 >/dev/null 2>&1; do hp_say alive || exit; [ ! -d "$hp_home/lock" ] || touch "$hp_home/lock"; done ) </dev/null &
    hp_alive_pid=$!
    trap 'kill "$hp_alive_pid" 2>/dev/null' EXIT
}

# hp_born PROCESS: when it began, in clock ticks (proc(5), field 22 of stat): a process number alone comes back.
hp_born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# hp_script_gone: whether the script that the lock's holder last ran here has ended.
hp_script_gone() {
    [ -r "$hp_home/lock/script" ] || return 0
    read -r hp_script hp_since <"$hp_home/lock/script"
    [ "$(hp_born "$hp_script")" != "$hp_since" ]
}

# The lock keeps two operators apart. Its age is the time since the last sign of life of who holds it; a holder
# that has been silent for 15 minutes is gone.
# hp_lock RUN OWNER HOLDER DEAD: HOLDER identifies the process that takes it, DEAD one that is known to be gone.
hp_lock() {
    mkdir -p "$hp_home" || hp_die "cannot write to $hp_home"
    if ! mkdir "$hp_home/lock" 2>/dev/null && [ "$(cat "$hp_home/lock/run" 2>/dev/null)" != "$1" ]; then
        hp_age=$(($(date +%s) - $(stat -c %Y "$hp_home/lock")))
        hp_holder=$(cat "$hp_home/lock/holder" 2>/dev/null)
        # The script of a haprov that died goes on until it has a word to say: nothing may be done beside it.
        if { [ "$hp_age" -lt 900 ] && { [ -z "$4" ] || [ "$hp_holder" != "$4" ]; }; } || ! hp_wait 20 hp_script_gone; then
            hp_say locked "$(cat "$hp_home/lock/owner" 2>/dev/null)" "$(cat "$hp_home/lock/run" 2>/dev/null)" "$hp_age" \
                "$hp_holder"
            exit 1
        fi
    fi
    rm -f "$hp_home/lock/script"
    printf '%s\n' "$1" >"$hp_home/lock/run"
    printf '%s\n' "$2" >"$hp_home/lock/owner"
    printf '%s\n' "$3" >"$hp_home/lock/holder"
    touch "$hp_home/lock"
}

# hp_unlock RUN
hp_unlock() { [ "$(cat "$hp_home/lock/run" 2>/dev/null)" != "$1" ] || rm -rf "$hp_home/lock"; }
