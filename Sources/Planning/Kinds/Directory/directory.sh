# Directories.

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
