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
    for f in $user_files; do [ ! -e "/etc/$f" ] || hp_sha256 "/etc/$f"; done >"$e/before/after"
}
# Byte for byte where nobody else has touched the files since; else by the tools that made the user.
user_add_undo() {
    for f in $user_files; do [ ! -e "/etc/$f" ] || hp_sha256 "/etc/$f"; done >"$e/before/now"
    if [ -e "$e/before/after" ] && ! cmp -s "$e/before/now" "$e/before/after"; then
        if getent passwd "$1" >/dev/null && ! grep -q "^$1:" "$e/before/passwd/image"; then userdel "$1"; fi
        if getent group "$1" >/dev/null && ! grep -q "^$1:" "$e/before/group/image"; then groupdel "$1"; fi
        echo "/etc/passwd or /etc/group had been changed since: $1 was removed by userdel" >"$e/note"
        return
    fi
    for f in $user_files; do
        hp_restore "/etc/$f" "$e/before/$f"
        hp_restore "/etc/$f-" "$e/before/$f-"
    done
}
