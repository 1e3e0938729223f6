# Checks that a host is as it should be after a change. They change nothing and leave nothing in the journal.

# hp_check NUMBER FUNCTION ARG…
hp_check() {
    hp_n=$1
    shift
    hp_say started "$hp_n"
    hp_text=$("$@" 2>&1) || {
        hp_say failed "$hp_n" 1 ''
        printf '%s\n' "$hp_text" | tail -n 20 | tr '\t\r' '  ' | while IFS= read -r hp_line; do hp_say log "$hp_line"; done
        exit 1
    }
    hp_say "done" "$hp_n"
}

# health_active UNIT SECONDS: active now, and still with the same main process two seconds later.
health_active() {
    hp_wait "$2" systemctl -q is-active "$1" || { service_explain "$1"; return 1; }
    main=$(systemctl show -p MainPID "$1")
    sleep 2
    if systemctl -q is-active "$1" && [ "$main" = "$(systemctl show -p MainPID "$1")" ]; then return; fi
    service_explain "$1"
    echo "$1 does not stay up"
    return 1
}

# health_port ADDRESS PORT SECONDS
health_port() {
    hp_wait "$3" health_connects "$1" "$2" || { echo "nothing answers on $1:$2"; return 1; }
}
health_connects() {
    if hp_have bash; then
        # shellcheck disable=SC2016
        hp_within 3 bash --noprofile --norc -c 'exec 3<>"/dev/tcp/$1/$2"' haprov "$1" "$2" 2>/dev/null
    else
        curl -q -s -o /dev/null --noproxy '*' --connect-timeout 3 "telnet://$1:$2" </dev/null
    fi
}

# health_script fails|succeeds COMMAND…: the health check does its work: it fails while HAProxy is dead.
health_script() {
    want=$1
    shift
    if hp_within 20 "$@" >/dev/null 2>&1; then got=succeeds; else got=fails; fi
    [ "$got" = "$want" ] || {
        echo "the health check '$*' $got where it should be seen to ${want%s}"
        return 1
    }
}
