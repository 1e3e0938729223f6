# How the service of a balancer stands at this moment, beside its units and addresses. Changes nothing.

# probe_running UNIT OPTION: what the program that a unit runs says of itself to an option.
probe_running() {
    version=$(service_version "$1" "$2")
    [ -z "$version" ] || hp_say version "$1" "$version"
}

# probe_routers UNIT FILE: the state and the priority of each virtual router, as haprov-vrrpd says them. keepalived tells nobody: as
# FILE has them, and as its last words in the journal change that.
probe_routers() {
    process=$(systemctl show -p MainPID "$1" 2>/dev/null </dev/null)
    process=${process#MainPID=}
    [ "${process:-0}" -gt 0 ] || return 0
    case $1 in
    haprov-vrrpd.*)
        "$hp_proc/$process/exe" status 2>/dev/null </dev/null |
            sed -n "s/^\([^ ]*\): \([A-Z]*\), priority \([0-9]*\).*/@router$hp_tab\1$hp_tab\2$hp_tab\3/p"
        ;;
    *)
        {
            awk '$1 == "vrrp_instance" { name = $2 } $1 == "priority" { print "file", name, $2 }' "$2" 2>/dev/null
            journalctl -q --no-pager -o cat -n 200 "_SYSTEMD_UNIT=$1" 2>/dev/null </dev/null
        } | probe_router_words
        ;;
    esac
}
# (VI_1) Entering MASTER STATE; VRRP_Instance(VI_1) Changing effective priority from 101 to 91
probe_router_words() {
    awk -v t="$hp_tab" '
    function router() {
        name = $0
        sub(/\) .*/, "", name)
        sub(/.*\(/, "", name)
        return name
    }
    $1 == "file" && NF == 3 { given[$2] = $3; next }
    /^Starting Keepalived/ { split("", state); split("", changed) }
    /\) Entering [A-Z]+ STATE/ {
        word = $0
        sub(/.*\) Entering /, "", word)
        sub(/ .*/, "", word)
        state[router()] = word
    }
    /\) Changing effective priority from / { changed[router()] = $NF }
    END { for (name in given) print "@router" t name t state[name] t (name in changed ? changed[name] : given[name]) }'
}

# servers_kept_in CONFIGURATION…: the file in which HAProxy finds how servers were told to be, by those of its files that are here.
servers_kept_in() {
    cat -- "$@" 2>/dev/null | awk '$1 == "server-state-file" { f = $2 }
        $1 == "load-server-state-from-file" && $2 == "global" { load = 1 }
        END { if (load) print f }'
}

# probe_taken_out CONFIGURATION…: the servers that are kept out of service by hand, over every reload.
probe_taken_out() {
    f=$(servers_kept_in "$@")
    [ -f "$f" ] || return 0
    awk -v t="$hp_tab" 'NF > 7 && $1 !~ /^#/ && ($7 % 2 == 1 || int($7 / 8) % 2 == 1) { print "@out" t $2 t $4 t $7 }' "$f"
}

# probe_certificates FOLDER…: what HAProxy shows its clients by the configurations in these folders: of each file the first certificate,
# as base64, and never a key.
probe_certificates() {
    for d in "$@"; do
        for f in "$d"/*.cfg; do
            [ ! -f "$f" ] || cat "$f"
        done
    done | awk '
        { sub(/#.*/, "") }
        $1 == "crt-base" { base = $2 "/" }
        { for (i = 1; i < NF; i++) if ($i == "crt") print ($(i + 1) ~ /^\// ? "" : base) $(i + 1) }' |
        sort -u | while IFS= read -r f; do
        if [ -d "$f" ]; then
            for c in "$f"/*; do probe_certificate "$c"; done
        else
            probe_certificate "$f"
        fi
    done
}
probe_certificate() {
    [ -f "$1" ] || return 0
    text=$(sed -n '/^-----BEGIN CERTIFICATE-----/,/^-----END CERTIFICATE-----/{/^-----END/q;/^-----/d;p;}' "$1" | tr -d '\r\n')
    [ -z "$text" ] || hp_say certificate "$1" "$text"
}
