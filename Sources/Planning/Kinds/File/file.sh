# Files.

# file_write PATH MODE OWNER GROUP SHA256 CHECK: CHECK is a command in which {} stands for the new file, or empty.
file_write_save() { hp_image "$1" "$e/before"; }
file_write_do() {
    hp_sweep "$(dirname -- "$1")"
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
    # Whenever the power goes, the old or the new one is there, and whole.
    hp_flush_file "$new"
    mv -fT -- "$new" "$1"
    hp_label "$1"
}
file_write_undo() {
    if [ -f "$1" ] && [ "$(hp_sha256 "$1")" != "$5" ] && ! cmp -s -- "$1" "$e/before/image" && [ ! -e "$e/found" ]; then
        hp_copy "$1" "$e/found"
        hp_flush
        echo "$1 had been changed since; what stood there is kept as $e/found" >"$e/note"
    fi
    hp_restore "$1" "$e/before"
}

# file_write_fold LATER: what stands there by now is what LATER wrote; secret where either was.
file_write_fold() {
    hp_read_state "$1"
    [ "$hp_stage" = 'done' ] || return 0
    hp_fold_part args "$1/args" || return 1
    f=
    [ ! -s "$1/diff" ] || read -r f <"$1/diff"
    case $f in '(secret:'*) hp_fold_part diff "$1/diff" ;; esac
}

# probe_edited RUN…: of files that these runs, newest first, have written and that somebody has changed since: what stands there,
# and what is put back once the newest of them that wrote it is taken back; in base64, up to 256 KB; whether the run took it for a secret.
probe_edited() {
    seen=
    for r in "$@"; do
        for c in "$hp_home/runs/$r"/[0-9]*; do
            f=
            [ ! -e "$c/function" ] || read -r f <"$c/function"
            case $f in file_write | tree_write) ;; *) continue ;; esac
            hp_read_state "$c"
            case $hp_stage in undone | '') continue ;; esac
            if [ "$f" = tree_write ]; then
                tree_edited "$r" "${c##*/}"
                continue
            fi
            { IFS= read -r p; read -r m; read -r _; read -r _; read -r d; } <"$c/args"
            case "$seen/" in *"//$p//"*) continue ;; esac
            seen="$seen//$p/"
            if [ ! -f "$p" ] || [ -e "$c/found" ] || cmp -s -- "$p" "$c/before/image"; then continue; fi
            [ "$(hp_sha256 "$p")" = "$d" ] || file_edited "$r" "${c##*/}" "$p" "$c/before/image"
        done
    done
}
# file_edited RUN NUMBER PATH IMAGE
file_edited() {
    secret=no
    # Runs of earlier formats kept no diff, which says so of a secret.
    if [ -s "$c/diff" ]; then
        read -r f <"$c/diff"
        case $f in '(secret:'*) secret=yes ;; esac
    else
        case $m in *[0-3]) secret=yes ;; esac
    fi
    file_say_edited "$@"
}
# file_say_edited RUN NUMBER PATH IMAGE: $secret is whether it is one.
file_say_edited() {
    [ "$(stat -c %s -- "$3")" -le 262144 ] || secret=yes
    now='' old=''
    if [ "$secret" = no ]; then
        now=$(base64 <"$3" | tr -d '\n')
        [ ! -f "$4" ] || old=$(head -c 262144 "$4" | base64 | tr -d '\n')
    fi
    hp_say edited "$1" "$2" "$secret" "$now" "$old" "$3"
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

# probe_file PATH content|state: type, mode, owner, group, size, digest or link target; content up to 256 KB in base64.
probe_file() {
    if [ -L "$1" ]; then
        hp_say file "$1" link 0777 "$(stat -c '%U' -- "$1")" "$(stat -c '%G' -- "$1")" 0 "$(readlink -- "$1")"
    elif [ -f "$1" ]; then
        hp_say file "$1" file "$(stat -c "%a${hp_tab}%U${hp_tab}%G${hp_tab}%s" -- "$1")" "$(hp_sha256 "$1")"
        if [ "$2" = content ] && [ "$(stat -c %s -- "$1")" -le 262144 ]; then
            hp_say content "$1" "$(base64 <"$1" | tr -d '\n')"
        fi
    elif [ -d "$1" ]; then
        hp_say file "$1" directory "$(stat -c "%a${hp_tab}%U${hp_tab}%G" -- "$1")" 0 ''
    else
        hp_say file "$1" absent
    fi
}
