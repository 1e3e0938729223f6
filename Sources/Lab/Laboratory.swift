import Errors
import Foundation
import Inventory
import Texts

/// A lab: the hosts of a cluster, for real, on this machine. Every method returns once what it says is so.
///
/// Needs root. What is on disk and in the kernel is the truth; a value of this type holds nothing but a name.
package struct Laboratory: Sendable {
    /// Which lab.
    package let name: LabName
    let paths: LabPaths
    let report: @Sendable (String) -> Void

    /// - Parameter report: told, line by line, what is being done.
    package init(_ name: LabName, report: @escaping @Sendable (String) -> Void = { _ in }) {
        self.name = name
        self.report = report
        paths = LabPaths(name: name)
    }

    /// The labs that there are, up or broken.
    package static func all() -> [LabName] {
        let switches = Files.names(in: LabPaths.namespaces).compactMap { name -> String? in
            guard name.hasPrefix("haprov."), name.hasSuffix("+switch") else { return nil }
            return String(name.dropFirst("haprov.".count).dropLast("+switch".count))
        }
        // A lab that was being removed may have lost its folder already.
        return Set(Files.names(in: LabPaths(name: .standard).root) + switches).sorted().compactMap { try? LabName($0) }
    }

    /// Brings the lab up, or repairs what is not as it was told to be.
    ///
    /// - Parameters:
    ///   - cluster: what to build; nil leaves a lab that is there as it is, and otherwise means the guide's cluster.
    ///   - flavour: nil likewise.
    ///   - hostFlavours: of hosts that are not as the others are, by name; none likewise.
    ///   - hasDisks: whether every host gets a disk that loses with a power failure what was not flushed; false likewise.
    /// - Throws: preflight failures for what the machine lacks, locked, input or change failures.
    @discardableResult
    package func up(
        cluster: Cluster? = nil, flavour: LabFlavour? = nil, hostFlavours: [String: LabFlavour] = [:],
        hasDisks: Bool = false
    ) async throws(Failure) -> LabStatus {
        try Prerequisites.check()
        let lock = try await hold()
        defer { withExtendedLifetime(lock) {} }
        if let state = LabState.load(paths), state.isComplete {
            try checkSame(state, cluster: cluster, flavour: flavour, hostFlavours: hostFlavours, hasDisks: hasDisks)
            try await LabRepair(paths: paths, report: report).run(state)
            return try status()
        }
        if isAnythingLeft {
            report("clearing away an unfinished lab")
            try await clear()
        }
        let cluster = cluster ?? GuideCluster.cluster()
        let plan = try LabPlan(
            name: name, flavour: flavour ?? .standard, hostFlavours: hostFlavours, cluster: cluster)
        var state = LabState(
            plan: plan, image: try await image(of: plan.flavour),
            inventory: LabInventory.text(of: cluster, identity: paths.identity, knownHosts: paths.knownHosts),
            isComplete: false)
        for (host, flavour) in hostFlavours {
            let image = try await image(of: flavour)
            state.hostImages = (state.hostImages ?? [:]).merging([host: image]) { $1 }
        }
        try await LabConstruction(paths: paths, hasDisks: hasDisks, report: report).run(state)
        return try status()
    }

    private func image(of flavour: LabFlavour) async throws(Failure) -> LabImage {
        try await ImageCache(folder: paths.cache, recipe: ImageRecipe(system: flavour.system), report: report).image()
    }

    /// Lets commands in the lab use the tarballs of a folder, which stays as it is when the lab goes.
    ///
    /// - Parameter isWished: whether the user named it; tarballs of the lab's own are then in the way, and otherwise used.
    /// - Throws: an input failure where there is no such folder, or where the lab has tarballs of its own.
    package func useAssets(of folder: String, isWished: Bool) async throws(Failure) {
        let assets = LabAssets(paths: paths)
        let lock = try await hold()
        defer { withExtendedLifetime(lock) {} }
        _ = try load()
        if assets.areOwn, !isWished { return }
        try assets.link(to: folder)
    }

    /// What the lab is and how its hosts are.
    ///
    /// - Throws: an input failure where there is no such lab.
    package func status() throws(Failure) -> LabStatus {
        let state = try load()
        var hosts: [LabStatus.Host] = []
        for host in state.plan.hosts {
            let leader = try HostMachine(paths: paths, host: host).leader
            hosts.append(
                LabStatus.Host(
                    name: host.name, address: host.address, interface: host.interface,
                    role: host.isBalancer ? "balancer" : "application", flavour: state.plan.flavour(of: host),
                    up: leader != nil,
                    off: state.off.contains(host.name), cut: state.cut.contains(host.name),
                    leader: leader.map(Int.init),
                    console: paths.console(of: host)))
        }
        let stands = LabWire(paths: paths, plan: state.plan).stands
        return LabStatus(
            ok: state.isComplete && stands && hosts.allSatisfy { $0.up != $0.off },
            lab: name.description, flavour: state.plan.flavour, inventory: paths.inventory,
            assets: LabAssets(paths: paths).folder,
            controller: state.plan.controller, namespace: paths.controllerNamespace,
            rpms: repository(state, of: "rpms"), debs: repository(state, of: "debs"),
            hosts: hosts)
    }

    /// The folder of a lab's packages, where they are of that kind.
    private func repository(_ state: LabState, of kind: String) -> String? {
        let system = state.plan.flavour.system
        return system.repository == kind ? state.image.repository(of: system) : nil
    }

    /// A command where it reaches the hosts: in the controller's network namespace, with the lab's inventory.
    ///
    /// - Throws: an input failure where there is no such lab.
    package func run(_ command: [String]) throws(Failure) -> LabInvocation {
        guard LabWire(paths: paths, plan: try load().plan).stands else {
            throw Failure(
                .change, step: "lab run", summary: "lab \"\(name)\" has no network: the machine was restarted, perhaps",
                remedy: "Repair it: haprov lab up --name \(name)")
        }
        return LabInvocation(
            arguments: ["nsenter", "--net=\(LabPaths.namespaces)/\(paths.controllerNamespace)", "--"] + command,
            environment: ["HAPROV_INVENTORY": paths.inventory, "HAPROV_LAB": name.description])
    }

    /// A command as root on a host, beside ssh and whatever its network is worth, with the host's capabilities and no more.
    ///
    /// - Throws: an input failure where the lab or the host does not exist, a change failure where it is down.
    package func exec(on host: String, _ command: [String]) throws(Failure) -> LabInvocation {
        let state = try load()
        let host = try state.plan.host(host)
        guard let leader = try HostMachine(paths: paths, host: host).leader else {
            throw Failure(
                .change, host: host.name, step: "lab exec", summary: "the host is down",
                remedy: "Give it power: haprov lab power --name \(name) \(host.name) on")
        }
        let last = Int(try Files.read("/proc/sys/kernel/cap_last_cap").trimmingBlanks()) ?? 40
        let restriction = try HostCapabilities.restriction(
            status: try Files.read("/proc/\(leader)/status"), last: last)
        let terminal = ProcessInfo.processInfo.environment["TERM"] ?? "dumb"
        return LabInvocation(
            arguments: (restriction.isEmpty ? [] : ["setpriv", "--bounding-set", restriction, "--"]) + [
                "nsenter", "--target", "\(leader)", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--",
                "/usr/bin/env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
                "USER=root", "LANG=C.UTF-8", "TERM=\(terminal)",
            ] + command, environment: [:])
    }

    /// Takes the link of a host's cable away, or gives it back.
    package func setCable(of host: String, cut: Bool) async throws(Failure) {
        let lock = try await hold()
        defer { withExtendedLifetime(lock) {} }
        var state = try load()
        let host = try state.plan.host(host)
        if cut { state.cut.insert(host.name) } else { state.cut.remove(host.name) }
        try state.save(paths)
        let wire = LabWire(paths: paths, plan: state.plan)
        // Without power there is no NIC: the cable is laid, or not, when power comes back.
        if !state.off.contains(host.name) { try await wire.setLink(of: host, up: !cut) }
    }

    /// Takes a host's power away, all at once, or gives it back and waits until the host is up.
    ///
    /// - Throws: an input failure where the power of a host without a disk of its own is to fail.
    package func setPower(of host: String, _ power: HostPower) async throws(Failure) {
        let lock = try await hold()
        defer { withExtendedLifetime(lock) {} }
        var state = try load()
        let host = try state.plan.host(host)
        if power == .fail, !paths.image(of: host).exists {
            throw Failure(
                .input, host: host.name, step: "lab power",
                summary: "it has no disk of its own that could lose anything",
                remedy: "Build the lab with disks: haprov lab up --disks")
        }
        if power == .on { state.off.remove(host.name) } else { state.off.insert(host.name) }
        try state.save(paths)
        let machine = try HostMachine(paths: paths, host: host)
        switch power {
        case .on: return try await LabRepair(paths: paths, report: report).run(state, only: host)
        case .off: try await machine.stop()
        case .fail: try await machine.fail()
        }
        try await LabWire(paths: paths, plan: state.plan).detach(host)
    }

    /// Ends the lab: no process, mount, namespace or file of it stays but the cached image. Nothing there is fine.
    package func down() async throws(Failure) {
        try Prerequisites.check()
        let lock = try await hold()
        try await clear()
        lock.removeFile()
        withExtendedLifetime(lock) {}
        rmdir(LabPaths.locks)
    }

    private func clear() async throws(Failure) { try await LabRemoval(paths: paths).run() }

    private var isAnythingLeft: Bool {
        Files.exists(paths.folder) || !LabWire.namespaces(of: paths).isEmpty
            || ((try? ControlGroup(paths.group).exists) ?? false)
    }

    private func load() throws(Failure) -> LabState {
        guard let state = LabState.load(paths) else {
            let others = Self.all().map(\.description)
            throw Failure(
                .input, step: "lab", summary: "there is no lab \"\(name)\"",
                remedy: others.isEmpty
                    ? "Build it: haprov lab up --name \(name)"
                    : "There are: \(others.joined(separator: ", ")). To build it: haprov lab up --name \(name)")
        }
        return state
    }

    private func checkSame(
        _ state: LabState, cluster: Cluster?, flavour: LabFlavour?, hostFlavours: [String: LabFlavour], hasDisks: Bool
    ) throws(Failure) {
        let again = "Take it down first: haprov lab down --name \(name)"
        if hasDisks, !state.plan.hosts.allSatisfy({ paths.image(of: $0).exists }) {
            throw Failure(
                .input, step: "lab up", summary: "lab \"\(name)\" is up without disks of its hosts' own", remedy: again)
        }
        if let flavour, flavour != state.plan.flavour {
            throw Failure(
                .input, step: "lab up",
                summary:
                    "lab \"\(name)\" is up with the flavour \(state.plan.flavour.rawValue), not \(flavour.rawValue)",
                remedy: again)
        }
        for (name, flavour) in hostFlavours.sorted(by: { $0.key < $1.key }) {
            let present = state.plan.flavour(of: try state.plan.host(name))
            guard flavour != present else { continue }
            throw Failure(
                .input, host: name, step: "lab up",
                summary: "it is up with the flavour \(present.rawValue), not \(flavour.rawValue)", remedy: again)
        }
        if let cluster {
            let text = LabInventory.text(of: cluster, identity: paths.identity, knownHosts: paths.knownHosts)
            guard text == state.inventory else {
                throw Failure(
                    .input, step: "lab up", summary: "lab \"\(name)\" is up with another inventory", remedy: again)
            }
        }
        for image in [state.image] + (state.hostImages ?? [:]).values where !image.exists {
            throw Failure(
                .change, step: "lab up", summary: "an image of lab \"\(name)\" is gone: \(image.path)",
                remedy: again)
        }
    }

    private func hold() async throws(Failure) -> FileLock {
        try Files.makeFolder(LabPaths.locks)
        let name = name
        return try await FileLock(path: paths.lock) { holder in
            Failure(
                .locked, step: "lab \(name)", summary: "\(holder) is at work on this lab",
                remedy: "Wait until it is done, or use another lab with --name.")
        }
    }
}
