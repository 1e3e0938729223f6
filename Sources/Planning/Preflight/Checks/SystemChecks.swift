import Errors
import Inventory

/// Whether haprov knows what the host is.
struct SystemCheck: PreflightCheck {
    let name = "system"

    func failures(_ look: HostLook) -> [Failure] {
        let (system, platforms) = (look.facts.system, look.preflight.platforms)
        var failures: [Failure] = []
        if platforms.platform(of: system) == nil {
            failures.append(
                look.failure(
                    "platform", "haprov does not know this system: \(system.title)", "It knows \(platforms.list)."))
        }
        if system.initSystem != "systemd" {
            failures.append(
                look.failure(
                    "init", "process 1 is \(system.initSystem), not systemd", "haprov registers systemd units only."))
        }
        return failures
    }

    /// A system that is known by nothing but what it says that it is like.
    func remarks(_ look: HostLook) -> [String] {
        let system = look.facts.system
        guard let platform = look.preflight.platforms.platform(of: system),
            let known = type(of: platform).identifiers, !known.contains(system.id)
        else { return [] }
        return ["\(system.title): no system that haprov knows by name; it is treated as its kin, \(platform.name)"]
    }

    func found(_ look: HostLook) -> String? {
        "\(look.facts.system.release): \(look.preflight.platforms.working(look.facts.system).name)"
    }
}

/// What haprov may do there.
struct RootCheck: PreflightCheck {
    let name = "root"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] {
        guard host.ssh.user != "root", host.ssh.become?.program != .su else { return [] }
        return [ProbeQuery("probe_sudo_log", host.ssh.user)]
    }

    func failures(_ look: HostLook) -> [Failure] {
        guard look.facts.system.userID != 0 else { return [] }
        return [
            look.failure(
                "root", "commands run as user \(look.facts.system.userID), not root",
                "Log in as root, or let \(look.host.ssh.user) become root by sudo.")
        ]
    }

    func remarks(_ look: HostLook) -> [String] {
        guard look.facts.logsInput else { return [] }
        return [
            "sudo keeps what its commands read (log_input), passwords and keys among it: as root, add "
                + "\"Defaults:\(look.host.ssh.user) !log_input\" to /etc/sudoers.d/haprov"
        ]
    }

    func found(_ look: HostLook) -> String? {
        look.host.ssh.user == "root" ? "logged in as root" : "\(look.host.ssh.user) becomes root"
    }
}

/// Whether programs of haprov's run on it.
struct KernelCheck: PreflightCheck {
    let name = "kernel"

    func failures(_ look: HostLook) -> [Failure] {
        guard look.facts.system.architecture != "x86_64" else { return [] }
        return [
            look.failure(
                "architecture", "the host is \(look.facts.system.architecture)",
                "haprov has only been made for x86_64.")
        ]
    }

    func found(_ look: HostLook) -> String? { "\(look.facts.system.kernel), \(look.facts.system.architecture)" }
}

/// Whether it waits to be started anew.
struct RebootCheck: PreflightCheck {
    let name = "reboot"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] { [ProbeQuery("probe_reboot")] }

    func warnings(_ look: HostLook) -> [Advice] {
        guard let why = look.facts.reboot else { return [] }
        return [
            Advice(
                "a reboot is pending" + (why.isEmpty ? "" : ", for \(why)"),
                remedy: "Reboot it before it matters, one balancer after the other: `haprov maintenance "
                    + "\(look.host.name) on` moves the VIP away first.")
        ]
    }

    func found(_ look: HostLook) -> String? { "none pending" }
}
