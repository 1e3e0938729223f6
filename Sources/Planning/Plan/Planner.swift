import Errors
import Inventory

/// From the cluster, the playbooks and the hosts' facts to a plan. Pure: no clock, no randomness, no I/O.
package struct Planner: Sendable {
    package var cluster: Cluster
    package var resources: [String: HostResources]
    package var facts: [String: Facts]
    package var products: [Product]
    /// haprov's own programs for hosts, by name.
    package var programs: [String: StaticProgram]
    package var transactions: [String: PackageTransaction]
    package var secrets: [String]
    /// Hosts that are no balancers any more, as they were found.
    package var former: [FormerHostState] = []
    package var platforms = Platforms.all
    /// Balancers that are left out although their part would be due.
    package var without: [String] = []

    package init(
        cluster: Cluster, resources: [String: HostResources], facts: [String: Facts], products: [Product],
        programs: [String: StaticProgram] = [:], transactions: [String: PackageTransaction], secrets: [String]
    ) {
        self.cluster = cluster
        self.resources = resources
        self.facts = facts
        self.products = products
        self.programs = programs
        self.transactions = transactions
        self.secrets = secrets
    }

    /// The balancers that take part: those whose facts are known, in the order of the rollout.
    package var rolloutOrder: [Host] { cluster.rolloutOrder(facts) }

    /// The builds that have to be made before the rollout: one a product and platform.
    package func neededBuilds() -> [Build] {
        var builds: [Build] = []
        for product in products {
            for host in rolloutOrder {
                guard let facts = facts[host.name] else { continue }
                let wanted = product.identity(for: facts.system)
                let isMissing = (resources[host.name]?.all ?? []).contains {
                    $0.missingProduct(facts: facts, builds: [product.name: wanted]) == product.name
                }
                guard isMissing, !product.cached.contains(wanted), !builds.contains(where: { $0.id == wanted }) else {
                    continue
                }
                builds.append(
                    Build(
                        id: wanted, product: product.name, version: product.version,
                        host: builder(for: facts.system, fallback: host).name, tarball: product.tarball,
                        prefix: product.prefix))
            }
        }
        return builds
    }

    /// The host that compiles for a platform: the chosen one where it is such a host, else the last standby that is.
    private func builder(for system: System, fallback: Host) -> Host {
        let equals = rolloutOrder.filter { facts[$0.name]?.system.buildPlatform == system.buildPlatform }
        return equals.first { $0.name == cluster.buildHost } ?? equals.first ?? fallback
    }

    /// The packages that each host still lacks, for the question to its package manager.
    package func missingPackages() -> [String: [String]] {
        var missing: [String: [String]] = [:]
        for host in rolloutOrder {
            guard let facts = facts[host.name] else { continue }
            var names = resources[host.name]?.packages ?? []
            for build in neededBuilds() where build.host == host.name { names += buildPackages(build) }
            var seen = Set<String>()
            let lacking = names.filter { (facts.packages[$0] ?? "").isEmpty && seen.insert($0).inserted }
            if !lacking.isEmpty { missing[host.name] = lacking }
        }
        return missing
    }

    func buildPackages(_ build: Build) -> [String] {
        platform(of: build.host).packages(products.first { $0.name == build.product }?.buildPackages ?? [])
    }

    func platform(of host: String) -> any Platform { platforms.working(facts[host]?.system) }

    /// - Throws: where a host is not fit for what it should have.
    package func plan() throws(Failure) -> Plan {
        let builds = neededBuilds()
        try refuseUnfit(builds)
        var hosts: [HostPlan] = []
        for host in rolloutOrder { hosts.append(try hostPlan(host, builds: builds)) }
        try refuseWithout(hosts)
        try refuseDropping(hosts)
        let fallsApart = hosts.contains { changesWire($0) }
        if fallsApart {
            try refuseAlone()
            try refuseBesideFormer()
        }
        try refuseUnlisted(hosts)
        if fallsApart { for index in hosts.indices { hosts[index].gatherVRRP() } }
        let estimate = ImpactEstimate(cluster: cluster, facts: facts, of: hosts)
        for index in hosts.indices { hosts[index].impact = estimate.impact(hosts[index]) }
        let reading = ConfigurationReading(cluster: cluster, resources: resources)
        let isEmpty = hosts.allSatisfy { $0.changeCount == 0 } && builds.isEmpty
        if !isEmpty, let failure = reading.failures(on: hosts.map(\.host)).first { throw failure }
        var plan = Plan(
            purpose: .apply, cluster: cluster.name, builds: builds, hosts: hosts, notes: [], needsDrill: false)
        plan.needsDrill = hosts.contains(where: mattersToFailover)
        plan.notes = isEmpty ? [] : notes(plan) + reading.notes(on: hosts.map(\.host))
        return plan
    }

    private func hostPlan(_ host: Host, builds: [Build]) throws(Failure) -> HostPlan {
        guard let facts = facts[host.name], let resources = resources[host.name] else {
            return HostPlan(host: host.name, beforeBuild: [], prepare: [], rollout: [])
        }
        try refuseOld(host)
        let context = context(host, facts, packages: transactions[host.name].map(PackageAnswer.transaction))
        var plan = HostPlan(host: host.name, beforeBuild: [], prepare: [], rollout: [])
        let compilers = builds.filter { $0.host == host.name }.flatMap(buildPackages)
        if !compilers.isEmpty {
            var seen = Set<String>()
            let resource = PackageResource(names: compilers.filter { seen.insert($0).inserted })
            plan.beforeBuild = try resource.steps(facts: facts, earlier: [], context: context)
        }
        for resource in resources.prepare {
            plan.prepare += try resource.steps(facts: facts, earlier: plan.steps, context: context)
        }
        for resource in resources.rollout {
            plan.rollout += try resource.steps(facts: facts, earlier: plan.steps, context: context)
        }
        return plan
    }

    func context(_ host: Host, _ facts: Facts, packages: PackageAnswer?) -> PlanContext {
        PlanContext(
            cluster: cluster, host: host, platform: platforms.working(facts.system),
            builds: Dictionary(uniqueKeysWithValues: products.map { ($0.name, $0.identity(for: facts.system)) }),
            secrets: secrets, programs: programs, packages: packages)
    }

    /// Whether a host that takes part in VRRP will speak differently on the wire.
    private func changesWire(_ plan: HostPlan) -> Bool {
        guard let facts = facts[plan.host], facts.runningEngine != nil else { return false }
        return rewritesWire(plan, facts)
    }

    func rewritesWire(_ plan: HostPlan, _ facts: Facts) -> Bool {
        // Written by a run that was interrupted: what the engine still goes by is not known any more.
        let engine = facts.runningEngine ?? cluster.engine
        if facts.unseen(by: engine.subject).contains(.at(Engine.configuration)) { return true }
        return plan.steps.contains { step in
            step.change.flatMap { facts.configurationChange(by: $0) }?.speaksDifferently == true
        }
    }

    /// Balancers that do not hear each other would both take the VIP: a change on the wire is made on all or on none.
    private func refuseAlone() throws(Failure) {
        let left = cluster.balancers.map(\.name).filter { facts[$0] == nil }
        guard !left.isEmpty else { return }
        throw Failure(
            .preflight, step: cluster.engine.program,
            summary:
                "the new keepalived.conf speaks VRRP differently, and \(left.joined(separator: ", ")) would go on with "
                + "the old one: both sides would take the VIP",
            remedy: "Apply to all balancers at once, without --limit.")
    }

    /// One that is told nothing any more goes on with the old configuration.
    private func refuseBesideFormer() throws(Failure) {
        for state in former {
            guard var failure = state.failure(.preflight, in: cluster) else { continue }
            failure.step = cluster.engine.program
            failure.summary =
                "the new keepalived.conf speaks VRRP differently, and \(state.host.title), which is no longer a balancer "
                + "and still takes part, would go on with the old one: both sides would take the VIP"
            throw failure
        }
    }

    /// By unicast a balancer is heard by those that list it alone: a new one beside hosts that were left out would take the VIP
    /// that one of them holds.
    private func refuseUnlisted(_ hosts: [HostPlan]) throws(Failure) {
        let left = cluster.balancers.map(\.name).filter { facts[$0] == nil }
        guard cluster.instances.contains(where: \.unicast), !left.isEmpty else { return }
        let new = hosts.filter { plan in
            guard let facts = facts[plan.host] else { return false }
            return facts.runningEngine == nil && rewritesWire(plan, facts)
        }
        guard !new.isEmpty else { return }
        throw Failure(
            .preflight, step: "vip.unicast",
            summary:
                "\(new.map(\.host).joined(separator: ", ")) would start, and \(left.joined(separator: ", ")) may not list "
                + "it among the peers yet: they would not hear each other, and both sides would take the VIP",
            remedy: "Apply to all balancers at once, without --limit.")
    }

    private func notes(_ plan: Plan) -> [String] {
        var notes: [String] = []
        notes += switchNotes(plan) + platformNotes(plan.builds)
        if plan.hosts.contains(where: { !$0.together.isEmpty }) {
            notes.append(
                "the balancers will speak VRRP differently: \(cluster.engine.program) takes its new configuration on all of them at the "
                    + "same moment, so that none is alone in between")
        }
        if plan.hosts.contains(where: { facts[$0.host]?.selinux == "Enforcing" }) {
            notes.append("SELinux is enforcing: what is installed is labelled by restorecon")
        }
        return notes
    }

    /// What a change of engines means for clients.
    private func switchNotes(_ plan: Plan) -> [String] {
        let switching = plan.hosts.filter { host in host.steps.contains { $0.stopsEngine != nil } }
        guard let old = switching.flatMap(\.steps).lazy.compactMap(\.stopsEngine).first else { return [] }
        let hosts = switching.map(\.host).joined(separator: ", ")
        return [
            "\(cluster.engine.program) takes the place of \(old.program) on \(hosts): both speak the same VRRP, so the "
                + "balancers go on hearing each other; whoever holds the VIP resigns before it changes over"
        ]
    }
}

extension Facts {
    /// The program that speaks VRRP on this host now.
    package var runningEngine: Engine? { Engine.all.first { units[$0.unit]?.isActive == true } }

    /// Whether this host serves and speaks VRRP: whoever holds a VIP may give it away to such a one.
    package var isStandby: Bool { runningEngine != nil && units[HAProxy.unit]?.isActive == true }
}

extension Step {
    /// The engine that this step puts out of service in favour of another.
    package var stopsEngine: Engine? {
        guard case .change = self, let change = unitChange, change.verb == .stop else { return nil }
        return Engine.all.first { $0.unit == change.unit }
    }
}

extension HostPlan {
    /// Moves what makes the engine read its new configuration out of the rollout, with the look that follows. One that is
    /// new would hear nobody either until the others know of it.
    package mutating func gatherVRRP() {
        let isVRRP: (Step) -> Bool = { step in
            guard case .change = step, let change = step.unitChange else { return false }
            return (change.verb.takesUpFiles || change.verb == .stop) && Engine.units.contains(change.unit)
        }
        let isItsCheck: (Step) -> Bool = { step in
            guard case .check(let check) = step, let unit = check.unit else { return false }
            return Engine.units.contains(unit)
        }
        guard rollout.contains(where: isVRRP) else { return }
        together = rollout.filter { isVRRP($0) || isItsCheck($0) }
        rollout.removeAll { isVRRP($0) || isItsCheck($0) }
    }
}
