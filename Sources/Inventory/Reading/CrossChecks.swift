import VRRP
import YAMLReading

/// Faults that show only when values are held against one another.
struct CrossChecks {
    let draft: Draft
    let faults: Faults

    func run() {
        checkHosts()
        checkPriorities()
        VIPChecks(draft: draft, faults: faults).run()
        checkBuildHost()
        checkPrefixes()
        checkHealth()
        checkFrontends()
        checkBackends()
    }

    /// Reports at the place of a path.
    private func error(_ path: String, _ message: String, _ remedy: String) {
        faults.error(faults.place(path), message, remedy)
    }

    private func checkHosts() {
        for (index, host) in draft.hosts.enumerated() {
            let before = draft.hosts[..<index]
            if let address = host.address, let other = before.first(where: { $0.address == address }) {
                error(
                    "hosts.\(host.name).address", "\(host.name) has the address of \(other.name), \(address)",
                    "Give each host its own address.")
            }
            if let other = before.first(where: { $0.name.lowercased() == host.name.lowercased() }) {
                error(
                    "hosts.\(host.name)",
                    "the hosts \(other.name) and \(host.name) differ in upper and lower case only",
                    "Give them names that cannot be taken for one another.")
            }
        }
        let here = draft.hosts.filter { $0.connection == .local }
        for host in here.dropFirst() {
            error(
                "hosts.\(host.name).connection",
                "\(here[0].name) and \(host.name) are both said to be the machine that haprov runs on",
                "Write `connection: local` for that one alone.")
        }
        guard draft.hostsAreComplete else { return }
        if draft.balancers.count < 2 {
            let found = draft.balancers.first.map { "only \($0.name)" } ?? "none"
            error(
                "hosts", "a VIP can move only between two balancers or more; found \(found)",
                "Add hosts with `role: balancer`.")
        }
        let wantsApplications = draft.backends.first { $0.servers == nil && $0.port != nil }
        if let backend = wantsApplications, draft.applications.isEmpty {
            error(
                "haproxy.backends.\(backend.name).servers",
                "the backend \(backend.name) asks for every application host, and there is none",
                "Add hosts with `role: application`.")
        }
    }

    private func checkPriorities() {
        let balancers = draft.balancers
        for (index, host) in balancers.enumerated() {
            guard let priority = host.priority else { continue }
            let path = "hosts.\(host.name).priority"
            if let other = balancers[..<index].first(where: { $0.priority == priority }) {
                error(
                    path, "\(host.name) has the priority of \(other.name), \(priority)",
                    "Give each balancer its own; of equals, the one with the higher address would win.")
            }
            if priority == 255 {
                let address = host.address.map { ", and \(host.name) has \($0)" } ?? ""
                error(
                    path, "priority 255 is for a host whose own address is the VIP\(address)",
                    "Choose 1 to 254.")
            }
        }
    }

    private func checkBuildHost() {
        guard let name = draft.buildHost, !draft.balancers.contains(where: { $0.name == name }) else { return }
        let names = draft.balancers.map(\.name)
        let meant = NearestName.of(name, among: names).map { "Did you mean `\($0)`?" }
        let what = draft.hosts.contains { $0.name == name } ? "is no balancer" : "is not among the hosts"
        error(
            "build_host", "`build_host` is `\(name)`, which \(what)",
            meant ?? "Name a balancer\(names.isEmpty ? "" : ": \(names.enumeration)"), or leave the key out.")
    }

    private func checkPrefixes() {
        guard let one = draft.haproxyPrefix, let other = draft.keepalivedPrefix, !one.isEmpty, !other.isEmpty
        else { return }
        let path = faults.places["keepalived.prefix"] != nil ? "keepalived.prefix" : "haproxy.prefix"
        if one == other {
            error(path, "HAProxy and keepalived have the same prefix, \(one)", "Give each a folder of its own.")
        } else if one.hasPrefix(other + "/") || other.hasPrefix(one + "/") {
            error(
                path, "one prefix lies in the other: \(one) and \(other)",
                "Give each a folder of its own: rollback removes it whole.")
        }
    }

    private func checkHealth() {
        guard draft.healthCheck == .answer else {
            guard draft.healthPort != nil, draft.healthCheck != nil else { return }
            return error(
                "health_port", "`health_port` is where `health_check: answer` asks, and another check is chosen",
                "Leave it out, or write `health_check: answer`.")
        }
        if draft.haproxyOrigin == .found {
            error(
                "health_check",
                "`health_check: answer` asks HAProxy where haprov has it listen, and it goes on as it was found",
                "Write `health_check: process`, or have haprov bring HAProxy (`haproxy.from: package` or `tarball`).")
        }
        let port = draft.healthPort ?? HealthCheck.usualPort
        for frontend in draft.frontends {
            let isTaken = (frontend.binds ?? []).contains {
                ["*", "127.0.0.1"].contains($0.address) && $0.ports.contains(port)
            }
            guard isTaken else { continue }
            error(
                "haproxy.frontends.\(frontend.name).bind",
                "the frontend \(frontend.name) binds port \(port), where the health check asks HAProxy",
                "Choose another one for the check: `health_port`.")
        }
    }

    private func checkFrontends() {
        let names = draft.backends.map(\.name)
        for (index, frontend) in draft.frontends.enumerated() {
            let path = "haproxy.frontends.\(frontend.name)"
            for (number, bind) in (frontend.binds ?? []).enumerated() {
                let others =
                    draft.frontends[..<index].map { ($0.name, $0.binds ?? []) }
                    + [(frontend.name, Array((frontend.binds ?? [])[..<number]))]
                if let (other, port) = taken(bind, by: others) {
                    error(
                        "\(path).bind",
                        other == frontend.name
                            ? "the frontend \(other) binds \(bind.address):\(port) twice"
                            : "the frontends \(other) and \(frontend.name) both bind \(bind.address):\(port)",
                        "Give each its own port.")
                }
                checkBinding(of: frontend.name, to: bind.address, bind.ports.lowerBound)
            }
            guard let name = frontend.backend, faults.places["haproxy.backends"] != nil else { continue }
            guard let backend = draft.backends.first(where: { $0.name == name }) else {
                // A backend that is there but could not be read has been reported.
                if faults.places["haproxy.backends.\(name)"] != nil { continue }
                let meant = NearestName.of(name, among: names).map { "Did you mean `\($0)`?" }
                error(
                    "\(path).backend", "the frontend \(frontend.name) names the backend `\(name)`, which is not there",
                    meant ?? "Add it under `haproxy.backends`.")
                continue
            }
            if let mode = frontend.mode, mode != draft.mode(of: backend) {
                error(
                    faults.places["\(path).mode"] != nil ? "\(path).mode" : path,
                    "the frontend \(frontend.name) speaks \(mode), and its backend \(name) \(draft.mode(of: backend))",
                    "Give both the same `mode`.")
            }
        }
    }

    /// The frontend that has one of the ports at the same address, and which.
    private func taken(
        _ bind: Frontend.Bind, by others: [(name: String, binds: [Frontend.Bind])]
    ) -> (name: String, port: Int)? {
        for other in others {
            let same = other.binds.filter { $0.address == bind.address && $0.ports.overlaps(bind.ports) }
            if let first = same.first { return (other.name, max(first.ports.lowerBound, bind.ports.lowerBound)) }
        }
        return nil
    }

    private func checkBinding(of frontend: String, to address: String, _ port: Int) {
        let vips = draft.vips.flatMap { $0.addresses ?? [] }.map { "\($0.address)" }
        guard address != "*", let first = vips.first, !vips.contains(address),
            draft.vips.allSatisfy({ $0.addresses != nil })
        else { return }
        let which = vips.count == 1 ? "nor the VIP \(first)" : "nor a VIP (\(vips.joined(separator: ", ")))"
        error(
            "haproxy.frontends.\(frontend).bind",
            "the frontend \(frontend) binds \(address), which is neither `*` \(which)",
            "Write `bind: \"*:\(port)\"` or `bind: \"\(first):\(port)\"`: every balancer has the same configuration.")
    }

    private func checkBackends() {
        for backend in draft.backends {
            if backend.balance?.hasPrefix("random") == true, let text = draft.haproxyVersion,
                let version = Version(text), let first = Version("1.9"), version < first
            {
                error(
                    "haproxy.backends.\(backend.name).balance",
                    "`balance random` starts with HAProxy 1.9; this is \(text)"
                        + (draft.haproxyOrigin == .distribution ? " or later" : ""),
                    draft.haproxyOrigin == .distribution
                        ? "Write `version: 1.9` below `haproxy`, or choose roundrobin or leastconn."
                        : "Choose roundrobin or leastconn.")
            }
            for (index, server) in (backend.servers ?? []).enumerated() {
                let name = server.value.name
                check(server, of: backend)
                if backend.servers?[..<index].contains(where: { $0.value.name == name }) == true {
                    faults.error(
                        server.place, "the backend \(backend.name) names \(name) twice", "Keep one of the two.")
                }
            }
        }
    }

    private func check(_ server: YAMLSection.Located<BackendServer>, of backend: Draft.BackendDraft) {
        let name = server.value.name
        let host = draft.hosts.first { $0.name == name }
        switch server.value {
        case .outside:
            guard host != nil else { return }
            faults.error(
                server.place, "the backend \(backend.name) names \(name) with an address, and a host has that name",
                "Write `\(name)` alone, or call the other machine otherwise.")
        case .host:
            guard let host else {
                if faults.places["hosts.\(name)"] != nil { return }
                let meant = NearestName.of(name, among: draft.hosts.map(\.name)).map { "Did you mean `\($0)`?" }
                return faults.error(
                    server.place, "the backend \(backend.name) names `\(name)`, which is not among the hosts",
                    meant
                        ?? "Write `servers: application`, names from `hosts`, or `{ name: \(name), address: … }`.")
            }
            if host.isBalancer == true { checkOwnApplication(on: name, of: backend, server.place) }
        }
    }

    /// An application on a balancer listens beside HAProxy.
    private func checkOwnApplication(on host: String, of backend: Draft.BackendDraft, _ place: SourcePlace) {
        guard let port = backend.port,
            let frontend = draft.frontends.first(where: { $0.binds?.contains { $0.ports.contains(port) } == true })
        else { return }
        faults.error(
            place,
            "the application of the backend \(backend.name) on \(host) and the frontend \(frontend.name) both want port \(port)",
            "HAProxy runs on \(host) too: give the application another port.")
    }
}
