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

    private func checkFrontends() {
        let names = draft.backends.map(\.name)
        for (index, frontend) in draft.frontends.enumerated() {
            let path = "haproxy.frontends.\(frontend.name)"
            if let address = frontend.bindAddress, let port = frontend.port {
                if let other = draft.frontends[..<index].first(where: { $0.bindAddress == address && $0.port == port })
                {
                    error(
                        "\(path).bind", "the frontends \(other.name) and \(frontend.name) both bind \(address):\(port)",
                        "Give each its own port.")
                }
                checkBinding(of: frontend.name, to: address, port)
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
        let names = draft.applications.map(\.name)
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
                if let host = draft.hosts.first(where: { $0.name == server.value }) {
                    if host.isBalancer == true {
                        faults.error(
                            server.place, "the backend \(backend.name) names \(host.name), which is a balancer",
                            "Name hosts with `role: application`\(names.isEmpty ? "" : ": \(names.enumeration)").")
                    }
                } else if faults.places["hosts.\(server.value)"] == nil {
                    let meant = NearestName.of(server.value, among: names).map { "Did you mean `\($0)`?" }
                    faults.error(
                        server.place,
                        "the backend \(backend.name) names `\(server.value)`, which is not among the hosts",
                        meant ?? "Write `servers: application`, or names from `hosts`.")
                }
                if backend.servers?[..<index].contains(where: { $0.value == server.value }) == true {
                    faults.error(
                        server.place, "the backend \(backend.name) names \(server.value) twice", "Keep one of the two.")
                }
            }
        }
    }
}
