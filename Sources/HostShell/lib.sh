# Ground that the other host scripts stand on. POSIX sh; runs under dash and bash 4.2 with coreutils 8.22.
#
# Standard output carries records for the controller, one a line: `@WORD TAB FIELD…`. Everything else that a
# command prints goes to the log of the change that it belongs to.

LC_ALL=C
export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 077

# Where things are on a host: haprov's own, its marks until the next boot, systemd's run-time units, the kernel's processes. Tests
# have other places.
hp_home=/var/lib/haprov
hp_volatile=/run/haprov
hp_units=/run/systemd/system
hp_proc=/proc
# What reads a script that runs on by itself.
hp_shell='sh'
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

# hp_addresses: every address of this host, one a line: NIC, family, address with prefix length.
hp_addresses() {
    ip -o addr show 2>/dev/null | while read -r _ hp_nic hp_family hp_cidr _; do
        printf '%s\n' "$hp_nic $hp_family $hp_cidr"
    done
}

# hp_nic_of ADDRESS: the NIC that carries an address here; nothing where this host does not hold it.
hp_nic_of() {
    hp_addresses | while read -r hp_nic _ hp_cidr; do
        case $hp_cidr in "$1" | "$1"/*) printf '%s\n' "$hp_nic" ;; esac
    done | head -n 1
}

# hp_say_holds ADDRESS: a record that says whether this host holds an address, and on which NIC.
hp_say_holds() { hp_say holds "$1" "$(hp_nic_of "$1")"; }

# hp_uptime: whole seconds since the boot.
hp_uptime() {
    read -r hp_seconds _ </proc/uptime
    printf '%s\n' "${hp_seconds%.*}"
}

# hp_runs PROCESS: whether a process of this script's own still runs; a zombie does not.
hp_runs() {
    hp_life=Z
    { read -r _ _ hp_life _; } 2>/dev/null <"/proc/$1/stat"
    [ "$hp_life" != Z ]
}

# hp_put FILE LINE…: a full disk must not pass for an empty line. Where it fails, $hp_words says why, as the system does.
hp_put() {
    hp_file=$1
    shift
    if { hp_lines "$@" >"$hp_file"; } 2>/dev/null; then return 0; fi
    # Shells keep the reason to themselves, or word it in their own way.
    hp_words=$(hp_lines "$@" | dd of="$hp_file" 2>&1 >/dev/null) && return 0
    hp_words="cannot write to $hp_file: $(hp_reason)"
    return 1
}
hp_lines() { [ $# -eq 0 ] || printf '%s\n' "$@"; }

# hp_reason: what a program said last in the first line of $hp_words.
hp_reason() { printf '%s\n' "$hp_words" | sed -n '1s/.*: //p'; }

# hp_write FILE LINE…: as hp_put, or the script ends.
hp_write() { hp_put "$@" || hp_die "$hp_words"; }

# hp_keep FILE LINE…: as hp_put, for what a change keeps: its log has the reason.
hp_keep() { hp_put "$@" || { printf '%s\n' "$hp_words"; return 1; }; }

# hp_folder DIR: makes it, with its parents.
hp_folder() { hp_words=$(mkdir -p -- "$1" 2>&1) || hp_die "cannot write to $1: $(hp_reason)"; }

# hp_take SIZE FILE WHAT: SIZE bytes of standard input become FILE; WHAT they are is said where they do not all arrive.
hp_take() {
    hp_words=$(head -c "$1" 2>&1 >"$2") || hp_die "cannot write to $2: $(hp_reason)"
    [ "$(wc -c <"$2")" -eq "$1" ] || hp_die "$3 arrived incomplete"
}

# hp_age PATH: seconds since it was last written; very many where there is none.
hp_age() {
    hp_then=$(stat -c %Y -- "$1" 2>/dev/null)
    echo $(($(date +%s) - ${hp_then:-0}))
}

hp_sha256() { sha256sum <"$1" | cut -d' ' -f1; }

# hp_copy FROM TO: with mode, owner, times, links and labels.
hp_copy() { cp -a -- "$1" "$2"; }

# hp_flush: what was written until now is on the disks, names too, before anything follows.
hp_flush() { sync; }

# hp_flush_file FILE: its content is on the disk, before it gets another's name. By dd(1): sync(1) takes files only since coreutils
# 8.24.
hp_flush_file() { [ -L "$1" ] || [ ! -f "$1" ] || dd if=/dev/null of="$1" conv=notrunc,fsync status=none; }

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
    hp_sweep "$(dirname -- "$1")"
    if [ -e "$2/absent" ]; then
        rm -f -- "$1"
        return
    fi
    hp_put_back "$2/image" "$1" "$(dirname -- "$1")/.haprov-restore.$$"
}

# hp_put_back IMAGE PATH BESIDE: by way of BESIDE, so that PATH is the one or the other at any moment. What is as it was is
# left alone: it may be what cannot be written.
hp_put_back() {
    [ -e "$1" ] || [ -L "$1" ] || return 1
    if hp_same "$1" "$2"; then
        [ -L "$2" ] || touch -r "$1" -- "$2" 2>/dev/null || :
        return 0
    fi
    rm -rf -- "$3"
    if hp_copy "$1" "$3" && hp_flush_file "$3" && mv -fT -- "$3" "$2"; then return 0; fi
    rm -rf -- "$3"
    return 1
}

# hp_same ONE OTHER: whether two files or links have the same bytes, mode and owner.
hp_same() {
    [ "$(hp_looks "$1")" = "$(hp_looks "$2")" ] || return 1
    if [ -L "$1" ]; then [ "$(readlink -- "$1")" = "$(readlink -- "$2")" ]; else [ -f "$1" ] && cmp -s -- "$1" "$2"; fi
}
hp_looks() { stat -c '%F %a %u %g %s' -- "$1" 2>/dev/null; }

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

# hp_within SECONDS COMMAND…: a program that does not end by then is ended, and killed where it will not; then this ends with 124.
hp_within() {
    hp_limit=$1 hp_ended=0
    shift
    timeout -k 3 "$hp_limit" "$@" || hp_ended=$?
    [ "$hp_ended" -ne 137 ] || hp_ended=124
    return "$hp_ended"
}
