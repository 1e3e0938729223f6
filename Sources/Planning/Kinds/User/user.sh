# Users and groups.

user_files='passwd group shadow gshadow subuid subgid'

# user_add NAME HOME SHELL: a system user with a group of its own name and no way to log in.
user_add_save() {
    for f in $user_files; do
        hp_image "/etc/$f" "$e/before/$f"
        hp_image "/etc/$f-" "$e/before/$f-"
    done
}
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
        if user_touched "/etc/$f" "$1" "$e/before/$f/image"; then touched="$touched /etc/$f"; fi
    done
    if [ -n "$touched" ]; then
        if getent passwd "$1" >/dev/null && ! grep -q "^$1:" "$e/before/passwd/image"; then userdel "$1"; fi
        if getent group "$1" >/dev/null && ! grep -q "^$1:" "$e/before/group/image"; then groupdel "$1"; fi
        echo "$touched had been changed since: $1 was removed by userdel" | sed 's/^ //' >"$e/note"
        return
    fi
    for f in $user_files; do
        hp_restore "/etc/$f" "$e/before/$f"
        hp_restore "/etc/$f-" "$e/before/$f-"
    done
}

# probe_user NAME
probe_user() {
    getent passwd "$1" | while IFS=: read -r n _ uid gid _ home shell; do hp_say user "$n" "$uid" "$gid" "$home" "$shell"; done
    getent group "$1" | while IFS=: read -r n _ gid _; do hp_say group "$n" "$gid"; done
}
