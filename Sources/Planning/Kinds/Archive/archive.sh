# Trees that were compiled elsewhere, below a prefix of their own.
#
# installed/NAME/build holds what the tree was built from, installed/NAME/files its files with their digests,
# installed/NAME/links its symbolic links.

# archive_install NAME PREFIX BUILD: the content is a gzipped tar of what goes below PREFIX.
archive_install_save() {
    gzip -t "$e/new" || { echo "the archive is damaged"; return 1; }
    # Tar would write an `ü` as `\303\274`.
    gzip -dc "$e/new" | tar --quoting-style=literal -tPf - | sed 's,^\./,,; s,/$,,' | grep -v '^$' | sort >"$e/before/members"
    if grep -Eq '^/|(^|/)\.\.(/|$)' "$e/before/members"; then echo "the archive holds paths outside its tree"; return 1; fi
    directory_make_save "$2"
    mkdir -p "$e/before/tree"
    : >"$e/before/new"
    owned=
    while IFS= read -r f; do
        if [ -d "$2/$f" ] && [ ! -L "$2/$f" ]; then continue; fi
        if [ -e "$2/$f" ] || [ -L "$2/$f" ]; then
            if package_owns "$2/$f"; then owned="$owned $2/$f"; fi
            mkdir -p "$e/before/tree/$(dirname -- "$f")"
            hp_copy "$2/$f" "$e/before/tree/$f"
        else
            printf '%s\n' "$f" >>"$e/before/new"
        fi
    done <"$e/before/members"
    if [ -n "$owned" ]; then echo "these files belong to an installed package and are not overwritten:$owned"; return 1; fi
    # Files of the version installed now that the new one does not have: archive_install_do removes them.
    : >"$e/before/old"
    if [ -e "$hp_home/installed/$1/files" ]; then
        { cut -c67- "$hp_home/installed/$1/files"; cat "$hp_home/installed/$1/links" 2>/dev/null || :; } | sort | comm -23 - "$e/before/members" >"$e/before/old"
        while IFS= read -r f; do
            if [ -e "$2/$f" ] || [ -L "$2/$f" ]; then
                mkdir -p "$e/before/tree/$(dirname -- "$f")"
                hp_copy "$2/$f" "$e/before/tree/$f"
            fi
        done <"$e/before/old"
        hp_copy "$hp_home/installed/$1" "$e/before/installed"
    fi
}
archive_install_do() {
    umask 022
    mkdir -p -- "$2"
    hp_sweep "$2"
    stage=$2/.haprov-new.$$
    trap 'rm -rf -- "$stage"' EXIT
    mkdir "$stage"
    gzip -dc "$e/new" | tar -xf - --no-same-owner -C "$stage"
    # All files at once, before they take the places of others.
    hp_flush
    # File by file: a program that runs keeps its inode, and configurations below the prefix stay.
    while IFS= read -r f; do
        if [ -d "$stage/$f" ] && [ ! -L "$stage/$f" ]; then
            [ -d "$2/$f" ] || mkdir -- "$2/$f"
        else
            mv -fT -- "$stage/$f" "$2/$f"
            hp_label "$2/$f"
        fi
    done <"$e/before/members"
    while IFS= read -r f; do rm -f -- "$2/$f"; done <"$e/before/old"
    mkdir -p "$hp_home/installed/$1"
    ( cd "$2" && while IFS= read -r f; do [ -d "$f" ] || [ -L "$f" ] || sha256sum "./$f"; done ) <"$e/before/members" |
        sed 's,  \./,  ,' >"$hp_home/installed/$1/files"
    while IFS= read -r f; do [ ! -L "$2/$f" ] || printf '%s\n' "$f"; done <"$e/before/members" >"$hp_home/installed/$1/links"
    # A program that misses a library would fail only when it is started.
    broken=
    for f in "$2"/sbin/* "$2"/bin/*; do
        [ -x "$f" ] || continue
        if ldd "$f" 2>/dev/null | grep -q 'not found'; then broken="$broken $f: $(ldd "$f" | grep 'not found' | tr -s ' \t\n' ' ')"; fi
    done
    [ -z "$broken" ] || { echo "shared libraries are missing:$broken"; return 1; }
    # Last: what is installed by name is not installed again.
    printf '%s\n' "$3" >"$hp_home/installed/$1/build"
}
archive_install_undo() {
    hp_sweep "$2"
    while IFS= read -r f; do rm -f -- "$2/$f" 2>/dev/null || :; done <"$e/before/new"
    ( cd "$e/before/tree" && find . ! -type d ) | while IFS= read -r f; do
        ( umask 022; mkdir -p -- "$(dirname -- "$2/$f")" )
        hp_put_back "$e/before/tree/$f" "$2/$f" "$2/.haprov-restore.$$"
    done
    sort -r "$e/before/new" | while IFS= read -r f; do [ ! -d "$2/$f" ] || rmdir -- "$2/$f" 2>/dev/null || :; done
    directory_make_undo "$2"
    rm -rf "${hp_home:?}/installed/$1"
    if [ -d "$e/before/installed" ]; then
        hp_copy "$e/before/installed" "$hp_home/installed/$1"
    fi
}

# archive_install_fold LATER: what was not there before LATER goes too, and what LATER replaced comes back, but for what this one
# has found there or not.
archive_install_fold() {
    ( cd "$1/before/tree" && find . ! -type d ) | sed 's,^\./,,' | while IFS= read -r f; do
        if [ -e "$e/before/tree/$f" ] || [ -L "$e/before/tree/$f" ] || grep -qxF -e "$f" "$e/before/new"; then continue; fi
        mkdir -p "$e/before/tree/$(dirname -- "$f")"
        hp_fold_part "before/tree/$f" "$1/before/tree/$f" || exit 1
    done || return 1
    sort -u "$e/before/new" "$1/before/new" >"$e/union" || return 1
    hp_fold_part before/new "$e/union" || return 1
    rm -f "$e/union"
}

# probe_archive NAME PREFIX: what was installed, and whether each of its files is still as it was installed; where nothing
# was, how many files are there all the same.
probe_archive() {
    i=$hp_home/installed/$1
    if [ ! -e "$i/build" ]; then
        hp_say archive "$1" '' absent "$(find "$2/" ! -type d 2>/dev/null | head -n 1000 | wc -l)"
        return
    fi
    if ( cd "$2" 2>/dev/null && sha256sum -c --quiet "$i/files" >/dev/null 2>&1 ); then s=intact; else s=modified; fi
    hp_say archive "$1" "$(cat "$i/build")" "$s"
}
