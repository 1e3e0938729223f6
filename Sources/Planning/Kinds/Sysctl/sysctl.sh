# Kernel settings. The file that keeps them over a reboot is a change of its own.

sysctl_path() { printf '/proc/sys/%s' "$(printf %s "$1" | tr . /)"; }

# sysctl_set KEY VALUE
sysctl_set_save() { cat "$(sysctl_path "$1")" >"$e/before/value"; }
sysctl_set_do() { printf '%s\n' "$2" >"$(sysctl_path "$1")"; }
sysctl_set_undo() { cat "$e/before/value" >"$(sysctl_path "$1")"; }

# probe_sysctl KEY
probe_sysctl() { hp_say sysctl "$1" "$(tr -s '\t ' ' ' <"$(sysctl_path "$1")" 2>/dev/null)"; }
