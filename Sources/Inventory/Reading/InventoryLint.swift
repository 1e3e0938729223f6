import VRRP
import YAMLReading

/// Doubts about an inventory that is valid: what works, but not as its author may think.
struct InventoryLint {
    let draft: Draft
    let faults: Faults

    func run() {
        lintSecrets()
        lintTiming()
        lintSSH()
        // What is said about hosts as a whole would mislead where some could not be read.
        guard !faults.hasErrors else { return }
        lintRollout()
        lintServing()
    }

    private func warn(_ code: String, _ path: String, _ message: String, _ remedy: String) {
        faults.warning(faults.place(path), message, remedy, code: code)
    }

    private func lintSecrets() {
        for vip in draft.vips {
            guard case .text(let password) = vip.password else { continue }
            if let warning = VRRPPassword.warning(password) {
                warn(
                    "HV107", vip.passwordPath, warning,
                    "Shorten it to \(VRRPPassword.carriedLength), so that nobody counts on more.")
            }
            warn(
                "HV501", vip.passwordPath, "the VRRP password stands in this file in clear",
                "Write `password: { env: HAPROV_VRRP_PASSWORD }` or `password: { file: PATH }`.")
        }
    }

    private func lintTiming() {
        var worst = (skew: 0, down: 0)
        for vip in draft.vips {
            guard let (skew, down) = lintTiming(vip) else { continue }
            worst = (max(worst.skew, skew), max(worst.down, down))
        }
        if worst.down > 0 { lintLimits(skew: worst.skew, down: worst.down) }
    }

    /// - Returns: milliseconds of the lowest priority.
    private func lintTiming(_ vip: Draft.VIPDraft) -> (skew: Int, down: Int)? {
        guard let interval = vip.interval, let version = vip.version else { return nil }
        func skew(_ priority: UInt8) -> Duration { version.skewTime(priority: priority, masterInterval: interval) }
        func down(_ priority: UInt8) -> Int {
            version.masterDownInterval(priority: priority, masterInterval: interval).begunMilliseconds
        }
        let members = draft.priorities(of: vip).sorted { $0.priority > $1.priority }
        let priorities = members.map(\.priority)
        guard let lowest = priorities.last, priorities.count > 1 else { return nil }
        if interval < .milliseconds(100) {
            warn(
                "HV502", faults.places["\(vip.path).advert_int"] != nil ? "\(vip.path).advert_int" : "vrrp.advert_int",
                "at an interval of \(Notation.duration(interval.wholeMilliseconds)) a backup takes over after "
                    + "\(Notation.duration(down(priorities[1]))) of silence, "
                    + "which a busy machine or a switch can cause",
                "Write `advert_int: 100ms` or more unless it was measured on these hosts.")
        }
        let standbys = members.dropFirst()
        for (one, other) in zip(standbys, standbys.dropFirst()) {
            let apart = skew(other.priority) - skew(one.priority)
            guard apart > .zero, apart < .milliseconds(2) else { continue }
            warn(
                "HV503", vip.isEntry ? "\(vip.path).priorities" : "hosts.\(other.host).priority",
                "the standbys with priorities \(one.priority) and \(other.priority) wait only \(hundredths(apart)) ms apart, "
                    + "so that both may take the VIP for a moment",
                "Spread the priorities, such as 200, 150 and 100.")
        }
        return (skew(lowest).begunMilliseconds, down(lowest))
    }

    /// - Parameters: milliseconds of the lowest priority, of the VIP for which they are longest.
    private func lintLimits(skew: Int, down host: Int) {
        guard let check = draft.healthCheck else { return }
        let process = check.slowestDetection + skew
        let worst = max(process, host)
        for (key, limit) in [("vip_moved", draft.limits.vipMoved), ("client_gap", draft.limits.clientGap)]
        where limit < worst {
            warn(
                "HV504", "limits.\(key)",
                "`limits.\(key)` is \(Notation.duration(limit)), but a takeover may need \(Notation.duration(process)) after \(check == .answer ? "HAProxy hangs" : "HAProxy's death") "
                    + "and \(Notation.duration(host)) after the host's",
                "Raise it to \(Notation.duration((worst + 999) / 1000 * 1000)) or more, or `verify` will now and then fail a cluster that is in order."
            )
        }
    }

    private func lintRollout() {
        guard let name = draft.buildHost, draft.balancers.count > 1 else { return }
        let first = draft.vips.map { vip in draft.priorities(of: vip).max { $0.priority < $1.priority }?.host }
        if first.contains(name), draft.balancers.contains(where: { !first.contains($0.name) }) {
            warn(
                "HV505", "build_host",
                "\(name) compiles, and has the highest priority: clients share it with the compiler",
                "Name a standby, or leave the key out.")
        }
    }

    private func lintServing() {
        for backend in draft.backends {
            let path = "haproxy.backends.\(backend.name)"
            if !draft.frontends.contains(where: { $0.backend == backend.name }) {
                warn(
                    "HV506", path, "no frontend uses the backend \(backend.name)",
                    "Remove it, or name it in a frontend.")
            }
            let servers = draft.servers(of: backend).map(\.name)
            if servers.count == 1 {
                warn(
                    "HV507", "\(path).servers",
                    "the backend \(backend.name) has one server, \(servers[0]): when it fails, so does the service",
                    "Add application hosts.")
            }
            if let balance = backend.balance, BalanceAlgorithm.needsHTTP(balance), draft.mode(of: backend) == "tcp" {
                warn(
                    "HV508", "\(path).balance",
                    "`balance \(balance)` looks into HTTP requests, and the backend \(backend.name) is in mode tcp: "
                        + "HAProxy falls back to roundrobin",
                    "Write `mode: http`, or another algorithm.")
            }
        }
        let used = Set(draft.backends.flatMap { draft.servers(of: $0).map(\.name) })
        for host in draft.applications where !used.contains(host.name) && !draft.backends.isEmpty {
            warn(
                "HV509", "hosts.\(host.name)", "no backend uses the application host \(host.name)",
                "Add it to a backend's `servers`, or remove it.")
        }
        for frontend in draft.frontends {
            for bind in frontend.binds ?? [] where bind.address != "*" { lintShadow(of: bind, frontend.name) }
        }
    }

    /// A port of the VIP alone that another frontend has on every address.
    private func lintShadow(of bind: Frontend.Bind, _ frontend: String) {
        let other = draft.frontends.first { other in
            other.binds?.contains { $0.address == "*" && $0.ports.overlaps(bind.ports) } == true
        }
        guard let other else { return }
        warn(
            "HV510", "haproxy.frontends.\(frontend).bind",
            "the frontend \(other.name) binds the port \(bind.ports.lowerBound) on every address, the VIP among them",
            "Give one of them another port.")
    }

    private func lintSSH() {
        var reported: [String] = []
        for host in draft.hosts {
            for (key, wrong) in sshDoubts(host.ssh) {
                let own = "hosts.\(host.name).ssh.\(key)"
                let path = faults.places[own] != nil ? own : "ssh.\(key)"
                if reported.contains(path) { continue }
                reported.append(path)
                warn(wrong.code, path, wrong.message, wrong.remedy)
            }
        }
    }

    private func sshDoubts(_ ssh: SSHSettings) -> [(key: String, (code: String, message: String, remedy: String))] {
        var doubts: [(String, (String, String, String))] = []
        if case .text = ssh.password {
            doubts.append(
                (
                    "password",
                    (
                        "HV511", "an SSH password stands in this file in clear",
                        "Log in with a key, or write `password: { env: NAME }` or `password: { file: PATH }`."
                    )
                ))
        }
        if case .text = ssh.become?.password {
            doubts.append(
                (
                    "become.password",
                    (
                        "HV511", "a password for root stands in this file in clear",
                        "Write `password: { env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM, ARGUMENT] }`."
                    )
                ))
        }
        if ssh.knownHosts == "/dev/null" {
            doubts.append(
                (
                    "known_hosts",
                    (
                        "HV512",
                        "`known_hosts: /dev/null` knows no host, and haprov refuses hosts that it does not know",
                        "Name a real file; `ssh-keyscan` fills it, after the fingerprints were compared."
                    )
                ))
        }
        if let key = ssh.identities.first(where: { $0.hasSuffix(".pub") }) {
            doubts.append(
                (
                    "identity",
                    ("HV513", "`\(key)` looks like a public key", "Name the private key, the file without `.pub`.")
                ))
        }
        return doubts
    }

    /// Milliseconds with two digits behind the point.
    private func hundredths(_ time: Duration) -> String {
        let rounded = (time.wholeNanoseconds + 5000) / 10_000
        let fraction = rounded % 100
        return "\(rounded / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
