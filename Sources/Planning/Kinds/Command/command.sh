# Commands of the playbook's own: words split at blanks, no shell in between.

# command_words COMMAND WORD…: runs the words of COMMAND after the WORDs, with nothing to read and the umask of a login.
command_words() {
    hp_command=$1
    shift
    # Playbooks with quotes or patterns here are refused.
    set -f
    # shellcheck disable=SC2086
    set -- "$@" $hp_command
    set +f
    ( umask 022; "$@" ) </dev/null
}

# command_asks CONDITION: as it ends; one that does not ends with 124.
command_asks() { command_words "$1" hp_within 20 env -- >/dev/null 2>&1; }

# command_run NAME COMMAND UNDO ENDS CONDITION: ENDS says how the CONDITION has to end then: `succeeds` or `fails`.
command_run_save() { :; }
command_run_do() {
    # One that was not even begun is not taken back.
    hp_keep "$e/begun"
    hp_flush
    command_words "$2" env -- || { ended=$?; echo "\`$2\` ended with $ended"; return 1; }
    if command_asks "$5"; then ends=succeeds; else ends=fails; fi
    [ "$ends" = "$4" ] || { echo "\`$2\` ended well, but \`$5\` still $ends: it would be run again each time"; return 1; }
}
command_run_undo() {
    [ -e "$e/begun" ] || return 0
    command_words "$3" env -- && return 0
    ended=$?
    if command_asks "$5"; then ends=succeeds; else ends=fails; fi
    # As before the command: nothing was left to take back, as where several runs began it and one undo took all of it.
    if [ "$ends" != "$4" ]; then echo "\`$3\` ended with $ended, and \`$5\` $ends again, as before" >"$e/note"; return 0; fi
    echo "\`$3\` ended with $ended"
    return 1
}

# probe_condition CONDITION: how it ends. It has to change nothing.
probe_condition() {
    command_asks "$1"
    hp_say condition "$1" "$?"
}
