# What runs already, and what stands in the way of a change. Changes nothing.

# Where engines look for their configuration unless they are told.
probe_configuration=/etc/keepalived/keepalived.conf

# probe_processes [VIP|NUMBER]…: HAProxy and whatever speaks VRRP, but for what a container has for itself. What speaks VRRP is
# apart where its configuration is known to name none of these addresses and virtual router IDs.
probe_processes() {
    for p in "$hp_proc"/[0-9]*; do
        { read -r name <"$p/comm"; } 2>/dev/null || continue
        case $name in haproxy | keepalived* | haprov-vrrpd) ;; *) continue ;; esac
        probe_place "${p##*/}"
        # A zombie has no program, and a script of the same name another.
        case ${exe##*/} in haproxy*) name=haproxy ;; keepalived | haprov-vrrpd) name=${exe##*/} ;; *) continue ;; esac
        for n in pid net; do
            theirs=$(readlink "$p/ns/$n" 2>/dev/null)
            [ -z "$theirs" ] || [ "$theirs" = "$(readlink "$hp_proc/self/ns/$n")" ] || continue 2
        done
        parent=$(sed -n 's/^PPid:[^0-9]*//p' "$p/status" 2>/dev/null)
        apart='' file=''
        if [ "$name" != haproxy ]; then
            file=$(probe_configuration_of "$p")
            if [ "$#" -gt 0 ] && probe_apart "$file" "$*"; then apart=apart; fi
        fi
        hp_say process "$name" "${p##*/}" "$parent" "$unit" "$exe" \
            "$(tr '\0\t\n' '\036  ' <"$p/cmdline" 2>/dev/null | head -c 2000)" "$apart" "$file"
    done
}

# probe_configuration_of PROCESS-DIR: the file that it reads its configuration from.
probe_configuration_of() {
    given=$(tr '\0' '\n' <"$1/cmdline" 2>/dev/null |
        sed -n '/^-f$/{n;p;d;}; /^--use-file$/{n;p;d;}; s/^-f//p; s/^--use-file=//p' | tail -n 1)
    printf '%s\n' "${given:-$probe_configuration}"
}

# probe_apart FILE OURS: whether a configuration names none of these addresses and virtual router IDs. What it includes, or puts
# together from definitions, is not looked through.
probe_apart() {
    [ -f "$1" ] || return 1
    awk -v ours="$2" '
    BEGIN { n = split(ours, word, " "); for (i = 1; i <= n; i++) our[word[i]] }
    { sub(/[#!].*/, "") }
    /include|\$/ { exit 1 }
    {
        for (i = 1; i <= NF; i++) {
            split($i, part, "/")
            if (part[1] ~ /[.:]/ && part[1] in our) exit 1
            if ($i == "virtual_router_id" && ($(i + 1) !~ /^[0-9]+$/ || ($(i + 1) + 0) in our)) exit 1
        }
    }' "$1"
}

# probe_place PROCESS: sets unit, the innermost service or scope that it is in, and exe, its program.
probe_place() {
    exe=$(readlink "$hp_proc/$1/exe" 2>/dev/null)
    exe=${exe% (deleted)}
    unit=$(awk -F: '$2 == "name=systemd" || $2 == "" {
        n = split($0, part, "/")
        for (i = n; i > 0; i--) if (part[i] ~ /\.(service|scope)$/) { print part[i]; exit }
    }' "$hp_proc/$1/cgroup" 2>/dev/null | tail -n 1)
}

# probe_listeners PORT…: who listens on these ports, and on what HAProxy does.
probe_listeners() {
    hp_have ss || return 0
    # LISTEN 0 128 *:80 *:* users:(("nginx",pid=12,fd=6),("nginx",pid=13,fd=6)), or ("nginx",12,6)
    ss -ltnp 2>/dev/null | while read -r state _ _ address _ users; do
        [ "$state" = LISTEN ] || continue
        case " $* " in
        *" ${address##*:} "*) ;;
        *) case $users in *'(("haproxy",'*) ;; *) continue ;; esac ;;
        esac
        program=$(printf '%s\n' "$users" | sed -n 's/^users:(("\([^"]*\)",.*/\1/p')
        process=$(printf '%s\n' "$users" | sed -n 's/^users:(("[^"]*",[pid=]*\([0-9]*\),.*/\1/p')
        unit='' exe=''
        [ -z "$process" ] || probe_place "$process"
        hp_say listener "${address%:*}" "${address##*:}" "$program" "$process" "$unit" "$exe"
    done
}

# probe_parts: files that the unit of HAProxy's package reads beside its configuration, from a folder that it names.
probe_parts() {
    parts=$(systemctl cat haproxy.service 2>/dev/null | sed -n 's/^Environment=.*CFGDIR=\([^" ]*\).*/\1/p' | tail -n 1)
    [ -n "$parts" ] || return 0
    for f in "$parts"/*.cfg; do
        [ ! -f "$f" ] || hp_say part "$f"
    done
}

# probe_sudo_log USER: whether sudo keeps what passes through it to the root that USER becomes.
probe_sudo_log() {
    hp_have sudo || return 0
    if sudo -n -l -U "$1" 2>/dev/null | tr ', ' '[\n*]' | grep -qxE ' *(log_input|log_stdin|LOG_INPUT:)'; then
        hp_say sudolog
    fi
}

# probe_inodes DIR…: how many files there is still room for, where the file system counts them.
probe_inodes() {
    for d in "$@"; do
        n=$(df -Pi "$d" 2>/dev/null | awk 'NR == 2 && $2 + 0 > 0 { print $4 }')
        [ -z "$n" ] || hp_say inodes "$d" "$n"
    done
}

# Where things are compiled.
probe_builds=$hp_home/build

# probe_runs DIR…: why a program in one of these would not run. That is tried out, since nothing else tells of all that may forbid
# it; where haprov's own run already there is nothing to try. Where something has to be tried, something may have to be
# compiled too.
probe_runs() {
    new=
    for d in "$@"; do
        probe_runs_already "$d" || { new=yes; probe_trial "$d"; }
    done
    [ -z "$new" ] || probe_trial "$probe_builds"
}
probe_runs_already() {
    for f in haproxy keepalived haprov-vrrpd; do
        [ -x "$1/$f" ] || continue
        case $f in haproxy) "$1/$f" -v ;; *) "$1/$f" --version ;; esac >/dev/null 2>&1 && return 0
    done
    return 1
}
# probe_trial DIR: it is made for as long as it takes, where it is not there.
probe_trial() {
    depth=0 d=$1 trial=$1/.haprov-trial.$$
    while [ ! -d "$d" ]; do
        depth=$((depth + 1))
        d=$(dirname -- "$d")
    done
    # What cannot be written is told of otherwise.
    if { mkdir -p -- "$1" && cp "$(probe_program)" "$trial" && chmod 0700 "$trial"; } 2>/dev/null &&
        ! words=$("$trial" 2>&1); then
        mounted=$(df -P "$1" | awk 'NR == 2 { print $6 }')
        hp_say blocked "$1" "${words##*: }" "$mounted" "$(probe_blocker "$mounted")"
    fi
    rm -f -- "$trial"
    d=$1
    while [ "$depth" -gt 0 ]; do
        rmdir -- "$d" 2>/dev/null
        d=$(dirname -- "$d")
        depth=$((depth - 1))
    done
}
probe_program() { for f in /usr/bin/true /bin/true; do [ ! -x "$f" ] || { echo "$f"; return; }; done; }
# probe_blocker MOUNT: what is known to forbid programs.
probe_blocker() {
    if awk -v m="$1" '$2 == m { options = $4 } END { exit ("," options ",") !~ /,noexec,/ }' "$hp_proc/self/mounts"; then
        echo noexec
    elif systemctl -q is-active fapolicyd 2>/dev/null; then
        echo fapolicyd
    elif hp_have kysec_set; then
        echo kysec
    fi
}

# probe_writable PATH…: why a path cannot be written, or made where it is not there yet. Nothing is tried: access(2) knows
# of file systems that are read-only and of what is immutable.
probe_writable() {
    for f in "$@"; do
        d=$(dirname -- "$f")
        while [ ! -d "$d" ]; do d=$(dirname -- "$d"); done
        why=
        if [ -e "$f" ] && [ ! -L "$f" ]; then why=$(probe_obstacle "$f"); fi
        if [ -z "$why" ] && [ "$d" != / ]; then why=$(probe_obstacle "$d"); fi
        [ -z "$why" ] || hp_say unwritable "$f" "$why"
    done
}
probe_obstacle() {
    attributes=$(lsattr -d -- "$1" 2>/dev/null | cut -d' ' -f1)
    case $attributes in
    *i*) echo "$1 is immutable (chattr +i)" ;;
    *a*) echo "$1 is append-only (chattr +a)" ;;
    *) [ -w "$1" ] || echo "$1 is on a file system that is read-only" ;;
    esac
}
