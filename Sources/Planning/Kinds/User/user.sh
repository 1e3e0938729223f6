# Users and groups.

user_files='passwd group shadow gshadow subuid subgid'
user_etc=/etc

# user_keep: these files, and the copies of them that the tools leave.
user_keep() {
    for f in $user_files; do
        hp_image "$user_etc/$f" "$e/before/$f" || return 1
        hp_image "$user_etc/$f-" "$e/before/$f-" || return 1
    done
}
# user_give_back: as user_keep found them.
user_give_back() {
    for f in $user_files; do
        hp_restore "$user_etc/$f" "$e/before/$f"
        hp_restore "$user_etc/$f-" "$e/before/$f-"
    done
}

# user_add NAME HOME SHELL: a system user with a group of its own name and no way to log in.
user_add_save() { user_keep; }
user_add_do() {
    getent group "$1" >/dev/null || groupadd -r "$1"
    getent passwd "$1" >/dev/null || useradd -r -M -g "$1" -d "$2" -s "$3" "$1"
}
# user_touched FILE NAME IMAGE: whether somebody else has changed a file; lines of NAME are ours unless it had some before.
user_touched() {
    ours="^$2:"
    if [ -e "$3" ] && grep -q "$ours" "$3"; then ours='^$'; fi
    [ "$(user_lines "$1" "$ours")" != "$(user_lines "$3" "$ours")" ]
}
user_lines() { [ ! -e "$1" ] || grep -v "$2" "$1" || :; }

# Byte for byte where nobody else has touched the files since, also where the user was only half made; else by the tools
# that made the user.
user_add_undo() {
    touched=
    for f in $user_files; do
        if user_touched "$user_etc/$f" "$1" "$e/before/$f/image"; then touched="$touched /etc/$f"; fi
    done
    if [ -n "$touched" ]; then
        if getent passwd "$1" >/dev/null && ! grep -q "^$1:" "$e/before/passwd/image"; then userdel "$1"; fi
        if getent group "$1" >/dev/null && ! grep -q "^$1:" "$e/before/group/image"; then groupdel "$1"; fi
        echo "$touched had been changed since: $1 was removed by userdel" | sed 's/^ //' >"$e/note"
        return
    fi
    user_give_back
}

# What packages bring along, by maintainer scripts of theirs; and what those take away with the package, even where somebody else
# had made it.

# accounts_names DIR: users and groups by the files in DIR.
accounts_names() { cut -d : -f 1 "$1/passwd" "$1/group" 2>/dev/null | sort -u; }
# accounts_gather DIR [END]: copies the files of users and groups, those of $e/before with an END of `/image`, into DIR.
accounts_gather() {
    mkdir -p "$1"
    for f in $user_files; do
        if [ -n "${2:-}" ]; then f=$e/before/$f$2; else f=$user_etc/$f; fi
        [ ! -e "$f" ] || hp_copy "$f" "$1/$(basename "${f%"${2:-}"}")" || return 1
    done
}
# accounts_new: the users and groups that were not there before, in $e/accounts.new.
accounts_new() {
    accounts_gather "$e/accounts.before" /image || return 1
    accounts_gather "$e/accounts.after" || return 1
    accounts_names "$e/accounts.before" >"$e/accounts.known"
    accounts_names "$e/accounts.after" | comm -23 - "$e/accounts.known" >"$e/accounts.new" || return 1
    rm -rf "$e/accounts.before" "$e/accounts.after"
}
# accounts_brought: the users and groups that maintainer scripts have made, right after them.
accounts_brought() { accounts_new && mv -f "$e/accounts.new" "$e/before/accounts"; }
# accounts_then: the same once an interrupted change is undone: somebody else may have made others since, so only those count that
# the packages' scripts on standard input name.
accounts_then() {
    [ -e "$e/before/passwd" ] || return 0
    accounts_new || return 1
    tr -cs 'A-Za-z0-9_-' '[\n*]' | sort -u | comm -12 - "$e/accounts.new" >"$e/accounts.named" &&
        mv -f "$e/accounts.named" "$e/before/accounts"
}
# accounts_differ DIR PATTERNS: whether the files in DIR say another thing than before, but for lines of these.
accounts_differ() {
    for f in $user_files; do
        [ "$(grep -sv -f "$2" "$1/$f" | sort)" = "$(grep -sv -f "$2" "$e/before/$f/image" | sort)" ] || return 0
    done
    return 1
}
# accounts_undo: after packages were removed; $e/accounts holds what was there right before. Byte for byte where nobody else
# has touched the files since; else users that came with the packages go, and those that only went along with them come back.
accounts_undo() {
    accounts_give_back
    rm -rf "$e/accounts" "$e/accounts.now"
}
accounts_give_back() {
    [ -e "$e/before/passwd" ] || return 0
    accounts_gather "$e/accounts.now"
    [ -e "$e/before/accounts" ] || : >"$e/before/accounts"
    sed 's/.*/^&:/' "$e/before/accounts" >"$e/patterns"
    : >"$e/no-patterns"
    # Packages that are kept keep their users, as do newer ones that cannot be taken back.
    if [ ! -s "$e/needed" ] && [ ! -s "$e/replaced" ]; then
        if ! accounts_differ "$e/accounts" "$e/patterns" || ! accounts_differ "$e/accounts.now" "$e/no-patterns"; then
            user_give_back
            return
        fi
        while read -r name; do
            ! getent passwd "$name" >/dev/null || userdel "$name"
            ! getent group "$name" >/dev/null || groupdel "$name"
        done <"$e/before/accounts"
    fi
    for f in passwd group shadow gshadow; do
        if [ ! -e "$e/accounts/$f" ] || [ ! -e "$e/before/$f/image" ]; then continue; fi
        cut -d : -f 1 "$e/before/$f/image" | sort >"$e/had"
        cut -d : -f 1 "$user_etc/$f" | sort | comm -23 "$e/had" - | while read -r name; do
            grep "^$name:" "$e/accounts/$f" || :
        done >"$e/lost"
        [ ! -s "$e/lost" ] || cat "$e/lost" >>"$user_etc/$f"
    done
}

# probe_user NAME
probe_user() {
    getent passwd "$1" | while IFS=: read -r n _ uid gid _ home shell; do hp_say user "$n" "$uid" "$gid" "$home" "$shell"; done
    getent group "$1" | while IFS=: read -r n _ gid _; do hp_say group "$n" "$gid"; done
}
