# Ground that the other host scripts stand on. POSIX sh; runs under dash and bash 4.2 with coreutils 8.22.
#
# Standard output carries records for the controller, one a line: `@WORD TAB FIELD…`. Everything else that a
# command prints goes to the log of the change that it belongs to.

LC_ALL=C
export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 077

hp_home=/var/lib/haprov
hp_tab=$(printf '\t')

# hp_say WORD FIELD…: one record for the controller.
hp_say() {
    hp_record="@$1"
    shift
    for hp_field in "$@"; do hp_record="$hp_record$hp_tab$hp_field"; done
    printf '%s\n' "$hp_record"
}

# hp_die TEXT: end the script with a reason.
hp_die() {
    hp_say die "$1"
    exit 1
}

hp_have() { command -v "$1" >/dev/null 2>&1; }

hp_sha256() { sha256sum <"$1" | cut -d' ' -f1; }

# hp_copy FROM TO: with mode, owner, times, links and labels.
hp_copy() { cp -a -- "$1" "$2"; }

# hp_image PATH DIR: keeps what is at PATH (nothing is a finding too) so that hp_restore can give it back.
hp_image() {
    mkdir -p "$2" || return 1
    if [ -e "$1" ] || [ -L "$1" ]; then
        rm -rf "$2/image" && hp_copy "$1" "$2/image"
    else
        : >"$2/absent"
    fi
}

# hp_restore PATH DIR: puts back what hp_image kept.
hp_restore() {
    if [ -e "$2/absent" ]; then
        rm -f -- "$1"
        return
    fi
    [ -e "$2/image" ] || [ -L "$2/image" ] || return 1
    hp_beside="$(dirname -- "$1")/.haprov-restore.$$"
    rm -rf -- "$hp_beside"
    hp_copy "$2/image" "$hp_beside" && mv -fT -- "$hp_beside" "$1"
}

# hp_sweep DIR: what an interrupted change or undo has left there.
hp_sweep() { rm -rf -- "$1"/.haprov-new.* "$1"/.haprov-restore.*; }

# hp_label PATH: the SELinux label that the policy wants there, where SELinux is in use.
hp_label() {
    if hp_have restorecon && hp_have selinuxenabled && selinuxenabled; then restorecon -F -- "$1" || :; fi
}

# hp_wait SECONDS COMMAND…: until the command succeeds.
hp_wait() {
    hp_until=$(($(date +%s) + $1))
    shift
    until "$@"; do
        [ "$(date +%s)" -lt "$hp_until" ] || return 1
        sleep 0.1
    done
}
