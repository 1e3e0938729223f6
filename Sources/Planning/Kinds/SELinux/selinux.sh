# SELinux booleans, at run time and permanently.

selinux_etc=/etc/selinux
selinux_store=/var/lib/selinux

selinux_in_use() { hp_have selinuxenabled && selinuxenabled; }

# selinux_active BOOLEAN: on or off, at run time; nothing where the policy has none of this name.
selinux_active() { getsebool "$1" 2>/dev/null | sed -n 's/^.* --> \(on\).*/\1/p; s/^.* --> \(off\).*/\1/p'; }

# selinux_kept BOOLEAN: on or off, as it was set permanently; nothing where the policy's own value stands: getsebool does not
# tell that one.
selinux_kept() {
    policy=$(sed -n 's/^SELINUXTYPE=//p' "$selinux_etc/config" 2>/dev/null | tail -n 1)
    policy=${policy:-targeted}
    # Since EL 8, since EL 7.3, before.
    for f in "$selinux_store/$policy/active" "$selinux_etc/$policy/active" "$selinux_etc/$policy/modules/active"; do
        [ -r "$f/booleans.local" ] || continue
        sed -n "s/^$1 *= *1 *\$/on/p; s/^$1 *= *0 *\$/off/p" "$f/booleans.local" | tail -n 1
        return
    done
}

# selinux_set BOOLEAN on|off
selinux_set_save() {
    active=$(selinux_active "$1")
    [ -n "$active" ] || { echo "SELinux knows no boolean $1"; return 1; }
    hp_keep "$e/before/active" "$active"
    kept=$(selinux_kept "$1")
    hp_keep "$e/before/kept" ${kept:+"$kept"}
}
selinux_set_do() {
    setsebool -P "$1" "$2"
    [ "$(selinux_active "$1")" = "$2" ] || { echo "setsebool ended well, but $1 is not $2"; return 1; }
}
# Where nothing had been set permanently, the run-time value is taken for the policy's own.
selinux_set_undo() {
    active=$(cat "$e/before/active")
    kept=$(cat "$e/before/kept")
    if ! selinux_in_use; then
        echo "SELinux is not in use any more: $1 was left as it is" >"$e/note"
        return 0
    fi
    [ "$(selinux_active "$1")" != "$active" ] || [ "$(selinux_kept "$1")" != "$kept" ] || return 0
    setsebool -P "$1" "${kept:-$active}"
    [ "${kept:-$active}" = "$active" ] || setsebool "$1" "$active"
}

# probe_selinux BOOLEAN: its values; nothing where SELinux is not in use.
probe_selinux() {
    selinux_in_use || return 0
    hp_say selinux-boolean "$1" "$(selinux_active "$1")" "$(selinux_kept "$1")"
}
