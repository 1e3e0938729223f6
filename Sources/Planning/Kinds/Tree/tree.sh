# Folders whose files belong together: a configuration with its certificates and maps.
#
# trees/NAME/files has what was put there, a line a file: digest, mode and path, parted by blanks.

# tree_write NAME PATH GROUP SHA256 CHECK packaged|own [+owners] [-FILE…] [=FILE…]: the content is a tar of what goes below PATH; -FILE goes from
# there, and =FILE is put there only where there is none. With +owners a file that is there keeps its mode, owner and group. CHECK is a command, or empty, that must end 0 where PATH is as it is going
# to be. Files of installed packages are replaced where `packaged` says so.
tree_write_save() {
    [ "$(hp_sha256 "$e/new")" = "$4" ] || { echo "the files arrived damaged"; return 1; }
    tar --quoting-style=literal -tPf "$e/new" >"$e/before/members"
    if grep -Eq '^/|(^|/)\.\.(/|$)' "$e/before/members"; then echo "the archive holds paths outside its tree"; return 1; fi
    directory_make_save "$2"
    mkdir -p "$e/before/tree"
    : >"$e/before/new"
    tree=$2 owned=
    while IFS= read -r f; do
        if tree_keep "$f"; then
            if package_owns "$2/$f"; then owned="$owned $2/$f"; fi
        else
            printf '%s\n' "$f" >>"$e/before/new"
        fi
    done <"$e/before/members"
    if [ -n "$owned" ] && [ "$6" != packaged ]; then
        echo "these files belong to an installed package and are not overwritten:$owned"
        return 1
    fi
    for name in "$@"; do case $name in -*) tree_keep "${name#-}" || : ;; esac; done
    [ ! -d "$hp_home/trees/$1" ] || hp_copy "$hp_home/trees/$1" "$e/before/record"
}
# tree_keep FILE: keeps what is there; fails where nothing is.
tree_keep() {
    [ -e "$tree/$1" ] || [ -L "$tree/$1" ] || return 1
    [ ! -d "$tree/$1" ] || [ -L "$tree/$1" ] || { echo "$tree/$1 is a directory where a file should be"; exit 1; }
    mkdir -p "$e/before/tree/$(dirname -- "$1")"
    hp_copy "$tree/$1" "$e/before/tree/$1"
}
tree_write_do() {
    umask 022
    mkdir -p -- "$2"
    beside=$(dirname -- "$2")
    hp_sweep "$beside"
    stage=$beside/.haprov-new.$$
    trap 'rm -rf -- "$stage" "$stage.whole"' EXIT
    mkdir -m 0700 "$stage"
    tar -xpf "$e/new" --no-same-owner -C "$stage"
    chown -R "root:$3" "$stage"
    name=$1 tree=$2 check=$5
    shift 6
    for f in "$@"; do
        case $f in =*) [ ! -e "$tree/${f#=}" ] || rm -f -- "$stage/${f#=}" ;; esac
    done
    if [ "${1:-}" = +owners ]; then
        while IFS= read -r f; do
            if [ ! -f "$tree/$f" ] || [ ! -f "$stage/$f" ]; then continue; fi
            chown --reference="$tree/$f" -- "$stage/$f"
            chmod --reference="$tree/$f" -- "$stage/$f"
        done <"$e/before/members"
    fi
    [ -z "$check" ] || tree_check "$check" "$@"
    # All files at once, before they take the places of others.
    hp_flush
    # One after the other, the last of them what names the rest: at any moment that finds all that it names.
    while IFS= read -r f; do
        [ -e "$stage/$f" ] || continue
        mkdir -p -- "$(dirname -- "$tree/$f")"
        mv -fT -- "$stage/$f" "$tree/$f"
        hp_label "$tree/$f"
    done <"$e/before/members"
    for f in "$@"; do case $f in -*) rm -f -- "$tree/${f#-}"; tree_prune "${f#-}" ;; esac; done
    tree_record "$@"
}
# tree_check CHECK [FILE…]: in a mount namespace, in which the folder as it is going to be has the place of the one that is there: paths
# in a configuration mean the new files, absolute ones too, and nobody else sees them.
tree_check() {
    whole=$stage.whole
    command=$1
    shift
    mkdir -m 0755 "$whole"
    cp -a -- "$tree/." "$whole/"
    for f in "$@"; do case $f in -*) rm -f -- "$whole/${f#-}" ;; esac; done
    cp -a -- "$stage/." "$whole/"
    chmod 0755 "$whole"
    unshare -m true || { echo "this host lets nobody have a mount namespace, in which the new files are tried out"; return 1; }
    set -f
    # Words are split at blanks and at nothing else: playbooks with quotes or patterns here are refused.
    # shellcheck disable=SC2016,SC2086
    unshare -m sh -c 'mount --make-rprivate / && mount --bind "$1" "$2" && shift 2 && exec "$@"' sh "$whole" "$tree" $command ||
        { echo "the program that will read $tree refuses it; the old files are still in place"; return 1; }
    set +f
}
# tree_record [FILE…]: what was put there by this change, for the next one and for what undoes this one.
tree_record() {
    : >"$e/before/others"
    for f in "$@"; do case $f in =*) printf '%s\n' "${f#=}" >>"$e/before/others" ;; esac; done
    folder=$hp_home/trees/$name
    mkdir -p "$folder"
    (
        cd "$tree" || exit
        grep -vxF -f "$e/before/others" "$e/before/members" | while IFS= read -r f; do
            printf '%s %s %s\n' "$(hp_sha256 "$f")" "$(stat -c %a -- "$f")" "$f"
        done
    ) >"$folder/.haprov-new.$$"
    cp "$folder/.haprov-new.$$" "$e/written"
    mv -fT -- "$folder/.haprov-new.$$" "$folder/files"
}
# tree_prune FILE: the folders that it was in, as far as nothing is in them any more.
tree_prune() {
    d=$(dirname -- "$1")
    while [ "$d" != . ] && rmdir -- "$tree/$d" 2>/dev/null; do d=$(dirname -- "$d"); done
}
tree_write_undo() {
    tree=$2
    hp_sweep "$(dirname -- "$2")"
    # What names the others came last, and goes back first.
    last=$(tail -n 1 "$e/before/members")
    { printf '%s\n' "$last"; ( cd "$e/before/tree" && find . ! -type d ) | sed 's,^\./,,' | grep -vxF -e "$last"; } |
        while IFS= read -r f; do
            [ -e "$e/before/tree/$f" ] || [ -L "$e/before/tree/$f" ] || continue
            tree_found "$f"
            ( umask 022; mkdir -p -- "$(dirname -- "$tree/$f")" )
            hp_put_back "$e/before/tree/$f" "$tree/$f" "$(dirname -- "$tree")/.haprov-restore.$$" || exit 1
        done || return 1
    while IFS= read -r f; do
        tree_found "$f"
        rm -f -- "$tree/$f"
        tree_prune "$f"
    done <"$e/before/new"
    directory_make_undo "$2"
    rm -rf "${hp_home:?}/trees/$1"
    if [ -d "$e/before/record" ]; then
        mkdir -p "$hp_home/trees"
        hp_copy "$e/before/record" "$hp_home/trees/$1"
    fi
}
# tree_found FILE: keeps what somebody made of a file that this change had written.
tree_found() {
    { [ -f "$tree/$1" ] && [ ! -e "$e/found/$1" ]; } || return 0
    tree_is_edited "$1" || return 0
    mkdir -p "$e/found/$(dirname -- "$1")"
    hp_copy "$tree/$1" "$e/found/$1"
    hp_flush
    echo "$tree/$1 had been changed since; what stood there is kept as $e/found/$1" >>"$e/note"
}
# tree_is_edited FILE: whether what is there is neither what this change wrote nor what was there before.
tree_is_edited() {
    written=$(tree_written "$1" "$e/written")
    [ -n "$written" ] && [ "$(hp_sha256 "$tree/$1")" != "$written" ] && ! cmp -s -- "$tree/$1" "$e/before/tree/$1"
}
# tree_written FILE RECORD: its digest there; nothing where it is not there.
tree_written() {
    [ -e "$2" ] || return 0
    while read -r d _ f; do if [ "$f" = "$1" ]; then printf '%s\n' "$d"; return; fi; done <"$2"
}

# tree_edited RUN NUMBER: of probe_edited, for the files of the change in $c; $seen has those that a newer one has written.
tree_edited() {
    [ -e "$c/written" ] || return 0
    { read -r _; IFS= read -r p; } <"$c/args"
    while read -r d m f; do
        case "$seen/" in *"//$p/$f//"*) continue ;; esac
        seen="$seen//$p/$f/"
        if [ ! -f "$p/$f" ] || [ -e "$c/found/$f" ] || cmp -s -- "$p/$f" "$c/before/tree/$f"; then continue; fi
        [ "$(hp_sha256 "$p/$f")" != "$d" ] || continue
        secret=no
        case $m in *00) secret=yes ;; esac
        file_say_edited "$1" "$2" "$p/$f" "$c/before/tree/$f"
    done <"$c/written"
}

# tree_write_fold LATER: what was not there before LATER goes too, and what LATER replaced comes back, but for what this one has
# found there or not. What stands there by now is what LATER wrote.
tree_write_fold() {
    archive_install_fold "$1" || return 1
    hp_read_state "$1"
    [ "$hp_stage" = 'done' ] || return 0
    [ ! -e "$1/written" ] || hp_fold_part written "$1/written"
    hp_fold_part before/members "$1/before/members"
}

# probe_tree NAME PATH [DIGEST FILE]…: what is below PATH, what of it was put there by haprov, the digests of these and of the FILEs,
# and what stands in the FILEs that have another digest, where it is no secret: up to 256 KB in base64.
probe_tree() {
    n=$1 tree=$2
    shift 2
    if [ -e "$hp_home/trees/$n/files" ]; then
        while read -r d m f; do hp_say treerecord "$n" "$f" "$d" "$m"; done <"$hp_home/trees/$n/files"
    fi
    [ -d "$tree" ] || return 0
    hp_line='
'
    ( cd "$tree" && find . -name '.haprov-*' -prune -o ! -type d ! -name "*$hp_tab*" ! -name "*$hp_line*" \
        -printf "@treefile\t$n\t%P\t%y\t%m\t%u\t%g\t%s\t%l\n" ) | head -n 2000
    hp_sums=$(
        cd "$tree" || exit
        {
            tree_wanted "$@"
            [ ! -e "$hp_home/trees/$n/files" ] || while read -r _ _ f; do [ ! -f "./$f" ] || printf './%s\0' "$f"; done <"$hp_home/trees/$n/files"
        } | xargs -0 -r sha256sum --
    )
    printf '%s\n' "$hp_sums" | while read -r d f; do [ -z "$f" ] || hp_say treedigest "$n" "${f#./}" "$d"; done
    while [ $# -gt 1 ]; do
        case "$hp_line$hp_sums$hp_line" in
        *"$hp_line$1  ./$2$hp_line"*) ;;
        *) tree_show "$n" "$2" ;;
        esac
        shift 2
    done
}
# tree_wanted [DIGEST FILE]…: the FILEs that are here, each ended by a zero byte.
tree_wanted() {
    while [ $# -gt 1 ]; do
        [ ! -f "./$2" ] || printf './%s\0' "$2"
        shift 2
    done
}
tree_show() {
    { [ -f "$tree/$2" ] && [ "$(stat -c %s -- "$tree/$2")" -le 262144 ]; } || return 0
    ! grep -q 'PRIVATE KEY' -- "$tree/$2" || return 0
    hp_say treecontent "$1" "$2" "$(base64 <"$tree/$2" | tr -d '\n')"
}
