import Inventory
import VRRP

/// A virtual router of one balancer, with every default filled in.
struct Router {
    var balancer: LintSubject.Balancer
    var keepalived: LintSubject.Keepalived
    var definition: InstanceDefinition
    var settings: RouterSettings

    var name: String { definition.name }

    /// Where a keyword of it stands, else where it begins.
    func place(_ keyword: String? = nil, _ word: String? = nil) -> Finding.Place {
        keepalived.place("vrrp_instance", name, keyword, word)
    }

    /// Whether its priority could be read, or is the usual one.
    var isPriorityKnown: Bool {
        definition.priority != nil || !keepalived.result.outline.has("priority", in: "vrrp_instance", name)
    }

    /// The sync group that it belongs to.
    var group: GroupDefinition? {
        keepalived.result.configuration.groups.first { $0.members.contains(name) }
    }

    /// What it tracks that looks at a program, with its group's.
    var checks: [Check] {
        let configuration = keepalived.result.configuration
        let references =
            definition.trackedScripts.map { ($0, "vrrp_instance", name) }
            + (group.map { group in group.trackedScripts.map { ($0, "vrrp_sync_group", group.name) } } ?? [])
        let scripts = references.compactMap { reference, block, owner -> Check? in
            guard let script = configuration.scripts.first(where: { $0.name == reference.name }),
                // What `haprov move` asks by says nothing as long as nobody has asked.
                script.command.first != "/etc/keepalived/chk_move.sh"
            else { return nil }
            return Check(
                name: script.name, weight: reference.weight ?? script.weight ?? 0,
                isReversed: reference.weight == nil ? script.isReversed : reference.isReversed, script: script,
                place: keepalived.place("vrrp_script", script.name, nil),
                weightPlace: reference.weight == nil
                    ? keepalived.place("vrrp_script", script.name, "weight")
                    : keepalived.place(block, owner, "track_script", script.name))
        }
        let processes = (definition.trackedProcesses + (group?.trackedProcesses ?? [])).compactMap { reference in
            configuration.processes.first { $0.name == reference.name }.map { process in
                Check(
                    name: process.name, weight: reference.weight ?? process.weight ?? 0,
                    isReversed: reference.weight == nil ? process.isReversed : reference.isReversed, script: nil,
                    place: keepalived.place("vrrp_track_process", process.name, nil),
                    weightPlace: keepalived.place("vrrp_track_process", process.name, "weight"))
            }
        }
        return scripts + processes
    }
}

/// What a router looks at a program by.
struct Check {
    var name: String
    var weight: Int
    var isReversed: Bool
    /// Nil where the kernel tells of a process (`vrrp_track_process`).
    var script: ScriptDefinition?
    var place: Finding.Place
    var weightPlace: Finding.Place

    /// Milliseconds.
    var interval: Int { script?.interval?.wholeMilliseconds ?? 1000 }
    var timeout: Int { script?.timeout?.wholeMilliseconds ?? interval }
    var fall: Int { script?.fall ?? 1 }

    /// From a program's death until its check has failed often enough: one may just have passed.
    var seesDeathWithin: Int { script == nil ? 0 : interval * fall }

    /// The same where the check itself gets no answer, and ends by its timeout.
    var seesHangWithin: Int { interval + (fall - 1) * max(interval, timeout) + timeout }

    /// What it asks, as far as its command line tells.
    var command: CheckCommand? { script.map { CheckCommand($0.command) } }
}

/// The balancers that share a virtual router.
struct SharedRouter {
    var members: [Router]

    /// Every virtual router of all balancers: one of the same addresses is the same, else one of the same number, else of the
    /// same name.
    static func all(of subject: LintSubject) -> [SharedRouter] {
        var shared: [SharedRouter] = []
        let routers = subject.balancers.flatMap(\.routers)
        let likenesses: [(Router, Router) -> Bool] = [
            { !$0.addresses.isDisjoint(with: $1.addresses) },
            { $0.settings.virtualRouterID == $1.settings.virtualRouterID && $0.settings.family == $1.settings.family },
            { $0.name == $1.name },
        ]
        for router in routers {
            let place = likenesses.lazy.compactMap { isLike in
                shared.firstIndex { group in
                    !group.members.contains { $0.balancer.name == router.balancer.name }
                        && group.members.contains { isLike($0, router) }
                }
            }.first
            if let place {
                shared[place].members.append(router)
            } else {
                shared.append(SharedRouter(members: [router]))
            }
        }
        return shared
    }
}

extension Router {
    var addresses: Set<IPAddress> { Set((definition.addresses + definition.excludedAddresses).map(\.address)) }
}

extension LintSubject.Balancer {
    var routers: [Router] {
        guard let keepalived else { return [] }
        let configuration = keepalived.result.configuration
        return zip(configuration.instances, configuration.electionSettings.routers).map {
            Router(balancer: self, keepalived: keepalived, definition: $0, settings: $1)
        }
    }
}

extension LintSubject.Keepalived {
    func place(_ block: String, _ name: String?, _ keyword: String? = nil, _ word: String? = nil) -> Finding.Place {
        let found = result.outline.place(in: block, name, of: keyword, word)
        return Finding.Place(file: found?.file ?? file, line: found?.line ?? 1)
    }
}

extension LintSubject {
    var keepaliveds: [Keepalived] { balancers.compactMap(\.keepalived) }

    /// What the reader of keepalived.conf said about something, as remarks.
    func remarks(_ topic: ConfigurationDiagnostic.Topic, _ remedy: String, adding: String = "") -> [Rule.Remark] {
        remarks(topic, remedy) { $0.message + adding }
    }

    func remarks(
        _ topic: ConfigurationDiagnostic.Topic, _ remedy: String, message: (ConfigurationDiagnostic) -> String
    ) -> [Rule.Remark] {
        keepaliveds.flatMap(\.result.diagnostics).filter { $0.topic == topic }.map {
            Rule.Remark(Finding.Place(file: $0.file, line: $0.line), message($0), remedy)
        }
    }
}
