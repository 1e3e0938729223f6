# Tells a running prober something. Values: control (its named pipe), command.
if [ -p "$control" ]; then printf '%s\n' "$command" >"$control"; else printf 'gone\n'; fi
