# Files, directories and links.

# file_write PATH MODE OWNER GROUP SHA256 CHECK: CHECK is a command in which {} stands for the new file, or empty.
file_write_save() { hp_image "$1" "$e/before"; }
file_write_do() {
    new="$(dirname -- "$1")/.haprov-new.$$"
    trap 'rm -f -- "$new"' EXIT
    # An empty file comes without content.
    if [ -e "$e/new" ]; then cat "$e/new" >"$new"; else : >"$new"; fi
    [ "$(hp_sha256 "$new")" = "$5" ] || { echo "the content arrived damaged"; return 1; }
    chown -- "$3:$4" "$new"
    chmod -- "$2" "$new"
    if [ -n "$6" ]; then
        file_check "$6" "$new" || { echo "the program that will read $1 refuses it; the old file is still in place"; return 1; }
    fi
    mv -fT -- "$new" "$1"
    hp_label "$1"
}
file_write_undo() {
    if [ -f "$1" ] && [ "$(hp_sha256 "$1")" != "$5" ] && ! cmp -s -- "$1" "$e/before/image" && [ ! -e "$e/found" ]; then
        hp_copy "$1" "$e/found"
        echo "$1 had been changed since; what stood there is kept as $e/found" >"$e/note"
    fi
    hp_restore "$1" "$e/before"
}

# file_check COMMAND FILE: the words of COMMAND with FILE in the place of each {}.
file_check() {
    hp_file=$2
    # Words are split at blanks and at nothing else: playbooks with quotes or patterns here are refused.
    set -f
    # shellcheck disable=SC2086
    set -- $1
    set +f
    hp_words=$#
    while [ "$hp_words" -gt 0 ]; do
        hp_word=$1
        shift
        [ "$hp_word" != '{}' ] || hp_word=$hp_file
        set -- "$@" "$hp_word"
        hp_words=$((hp_words - 1))
    done
    "$@"
}

# file_mode PATH MODE OWNER GROUP: a file or directory whose content is right already.
file_mode_save() {
    mode=$(stat -c '%a %u %g' -- "$1")
    hp_keep "$e/before/mode" "$mode"
}
file_mode_do() {
    chown -- "$3:$4" "$1"
    chmod -- "$2" "$1"
}
file_mode_undo() {
    [ -e "$1" ] || return 0
    read -r mode uid gid <"$e/before/mode"
    [ "$(stat -c '%a %u %g' -- "$1")" != "$mode $uid $gid" ] || return 0
    chown -- "$uid:$gid" "$1"
    chmod -- "$mode" "$1"
}

# file_remove PATH
file_remove_save() { hp_image "$1" "$e/before"; }
file_remove_do() { rm -f -- "$1"; }
file_remove_undo() { hp_restore "$1" "$e/before"; }

# directory_make PATH MODE OWNER GROUP: parents that are missing come with mode 0755.
directory_make_save() {
    : >"$e/before/made"
    d=$1
    while [ ! -d "$d" ]; do
        printf '%s\n' "$d" >>"$e/before/made"
        d=$(dirname -- "$d")
    done
}
directory_make_do() {
    # An earlier change of the segment may have made some of them by now.
    while IFS= read -r d; do [ -d "$d" ] || printf '%s\n' "$d"; done <"$e/before/made" >"$e/made"
    ( umask 022; mkdir -p -- "$1" )
    chown -- "$3:$4" "$1"
    chmod -- "$2" "$1"
    hp_label "$1"
}
directory_make_undo() {
    while IFS= read -r d; do
        if [ ! -d "$d" ] || rmdir -- "$d"; then continue; fi
        if [ -e "$e/made" ] && ! grep -qxF -e "$d" "$e/made"; then continue; fi
        echo "$d is kept: it holds files that haprov did not put there" >>"$e/note"
    done <"$e/before/made"
}

# link_make PATH TARGET
link_make_save() { hp_image "$1" "$e/before"; }
link_make_do() {
    new="$(dirname -- "$1")/.haprov-new.$$"
    trap 'rm -f -- "$new"' EXIT
    ln -sfn -- "$2" "$new"
    mv -fT -- "$new" "$1"
}
link_make_undo() { hp_restore "$1" "$e/before"; }
