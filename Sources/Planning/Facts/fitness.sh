# Whether a host is in good order, beside what is changed on it. Changes nothing.

# Where hosts and their packages say that they want to be started anew.
fitness_reboot=/run/reboot-required

# probe_clock: the host's time in milliseconds. Asked first and last, so that the controller knows what it lay between.
probe_clock() {
    hp_now=$(fitness_now)
    [ -z "$hp_now" ] || hp_say clock "$hp_now"
}
# fitness_now: milliseconds since 1970; nothing where date(1) knows no nanoseconds.
fitness_now() {
    hp_nanoseconds=$(date +%s%N)
    case $hp_nanoseconds in '' | *[!0-9]*) return 0 ;; esac
    printf '%s\n' "${hp_nanoseconds%??????}"
}

# probe_memory: all of it and what is left of it, in KiB.
probe_memory() {
    hp_say memory "$(fitness_meminfo MemTotal)" "$(fitness_meminfo MemAvailable)"
}
fitness_meminfo() { awk -v key="$1:" '$1 == key { print $2 }' "$hp_proc/meminfo"; }

# probe_reboot: why it waits to be started anew.
probe_reboot() {
    if [ -e "$fitness_reboot" ]; then
        hp_say reboot "$(sort -u "$fitness_reboot.pkgs" 2>/dev/null | tr '\n' ' ' | sed 's/ $//')"
        return
    fi
    hp_have rpm || return 0
    # Kernels by the time at which they were installed; one that came in no package is nobody's to judge.
    hp_running=$(uname -r)
    rpm -q --qf '%{INSTALLTIME} %{VERSION}-%{RELEASE}.%{ARCH}\n' kernel kernel-core 2>/dev/null </dev/null |
        grep '^[0-9]' | sort -n | awk -v running="$hp_running" '
            $2 == running { known = 1 }
            { newest = $2 }
            END { if (known && newest != running) print newest }' | while IFS= read -r hp_kernel; do
        hp_say reboot "kernel $hp_kernel"
    done
}

# probe_agents: what a cloud has put there to set NICs up.
probe_agents() {
    for hp_agent in cloud-init google-guest-agent walinuxagent waagent qemu-guest-agent amazon-ssm-agent; do
        if systemctl -q is-active "$hp_agent" 2>/dev/null; then hp_say agent "$hp_agent"; fi
    done
}

# probe_compilers: of what programs are compiled by, those that are there.
probe_compilers() {
    for hp_tool in gcc cc make; do
        ! hp_have "$hp_tool" || hp_say compiler "$hp_tool"
    done
}
