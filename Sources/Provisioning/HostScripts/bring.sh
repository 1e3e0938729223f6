# A program of haprov's own that a host has for the time of one script: it comes on standard input, and nothing of it stays.

# Where it may be put and run: first tried first.
bring_places='/run /var/lib /usr/local'

# bring NAME SIZE: SIZE bytes of standard input are the program, which is $bring_program then; 0 where the controller has none. It
# stands where only root may look, and where it runs: a file system may be noexec, and fapolicyd or kysec know no program that did
# not come in a package. Where it cannot be had, $bring_why says so.
bring() {
    bring_left='' bring_program='' bring_why="$1 was not at hand"
    trap 'bring_clear' EXIT
    trap 'exit 1' HUP INT TERM PIPE
    [ "$2" -gt 0 ] || return 1
    for d in $bring_places; do
        [ "$(df -Pk "$d" 2>/dev/null | awk 'NR == 2 { print $4 }')" -gt $(($2 / 1024 + 1024)) ] 2>/dev/null || continue
        d=$(mktemp -d "$d/.haprov-bring.XXXXXX" 2>/dev/null) || continue
        bring_left="$bring_left $d"
        if [ -z "$bring_program" ]; then head -c "$2" >"$d/$1"; else cp "$bring_program" "$d/$1"; fi
        [ "$(wc -c <"$d/$1")" -eq "$2" ] || { bring_why="$1 could not be put there"; return 1; }
        bring_program=$d/$1
        chmod 0700 "$bring_program"
        if bring_why=$("$bring_program" --version 2>&1 </dev/null); then return; fi
        bring_why="$1 may not run (${bring_why##*: })"
    done
    [ -n "$bring_program" ] || bring_why="there is no place for $1"
    return 1
}

bring_clear() {
    for d in $bring_left; do rm -rf -- "$d"; done
    bring_left=''
}
