import Foundation
import Testing

/// A lab that the end-to-end tests share, used as an operator would: by the `haprov` program and nothing else.
///
/// Each test asks for the state that it starts from, and finds it made or makes it, so that it can also run alone.
final class EndToEndLab: @unchecked Sendable {
    // Unchecked: the tests that use it run one after the other.
    static let balancers = ["haproxy1", "haproxy2", "haproxy3"]
    static let applications = ["app1", "app2", "app3"]
    static let vip = "172.16.122.100"

    /// The guide's cluster on hosts with living repositories.
    static let main = EndToEndLab("main", flavour: "standard")
    /// The same on hosts whose repositories are dead.
    static let dead = EndToEndLab("dead", flavour: "dead-repositories")
    /// For the change of engines, which may run beside the others and so shares nothing with them.
    static let engine = EndToEndLab("engine", flavour: "standard", home: "/var/tmp/haprov-e2e-\(mark)-engine")

    /// The same on Debian as it is; beside the others likewise.
    static let debian = EndToEndLab("debian", flavour: "debian12", home: "/var/tmp/haprov-e2e-\(mark)-debian")

    /// For the one file that is given out, likewise.
    static let standalone = EndToEndLab(
        "standalone", flavour: "standard", home: "/var/tmp/haprov-e2e-\(mark)-standalone")

    /// The same on Debian 13.
    static let debian13 = EndToEndLab("debian13", flavour: "debian13", home: "/var/tmp/haprov-e2e-\(mark)-debian13")

    /// The same on hosts that are dressed as EL 9, with dnf.
    static let el9 = EndToEndLab("el9", flavour: "el9", home: "/var/tmp/haprov-e2e-\(mark)-el9")

    /// For changes on a cluster that serves, and trouble in the midst of them.
    static let outage = EndToEndLab("outage", flavour: "standard", home: "/var/tmp/haprov-e2e-\(mark)-outage")

    /// For what is done with a cluster day by day.
    static let days = EndToEndLab("days", flavour: "standard", home: "/var/tmp/haprov-e2e-\(mark)-days")

    /// For several VIPs, beside the others likewise.
    static let vips = EndToEndLab("vips", flavour: "standard", home: "/var/tmp/haprov-e2e-\(mark)-vips")

    /// For configurations that are the operator's own, likewise.
    static let ownConfiguration = EndToEndLab(
        "own", flavour: "standard", home: "/var/tmp/haprov-e2e-\(mark)-own")

    /// For what preflight finds, on hosts that bring programs as packages: nothing is compiled.
    static let preflight = EndToEndLab(
        "preflight", flavour: "debian12", home: "/var/tmp/haprov-e2e-\(mark)-preflight")

    /// For every drill there is, likewise.
    static let drills = EndToEndLab("drills", flavour: "standard", home: "/var/tmp/haprov-e2e-\(mark)-drills")

    /// For a cluster that somebody set up by hand, likewise.
    static let adopt = EndToEndLab("adopt", flavour: "standard", home: "/var/tmp/haprov-e2e-\(mark)-adopt")

    /// The same of the distribution's packages.
    static let adoptPackages = EndToEndLab(
        "adopt-packages", flavour: "debian12", home: "/var/tmp/haprov-e2e-\(mark)-adopt-packages")

    /// Six clusters of two balancers on one network, with HAProxy of Debian's package.
    static let clusters = EndToEndLab(
        "clusters", flavour: "debian12", cluster: twelveHosts,
        home: "/var/tmp/haprov-e2e-\(mark)-clusters")

    /// For runs that are ended at any moment, with disks that lose what was not flushed.
    static let crash = EndToEndLab(
        "crash", flavour: "standard", hasDisks: true, home: "/var/tmp/haprov-e2e-\(mark)-crash")

    /// One for each flavour, and one whose balancers are of three; they share what is compiled. $HAPROV_PLATFORMS picks some of
    /// them: `el9 mixed`.
    static let platforms: [EndToEndLab] = {
        let chosen = ProcessInfo.processInfo.environment["HAPROV_PLATFORMS"]?.split(separator: " ").map(String.init)
        return allPlatforms.filter { chosen?.contains($0.title) ?? true }
    }()
    private static let allPlatforms =
        ["debian12", "debian13", "el9"].map { EndToEndLab($0, flavour: $0, home: platformHome) } + [
            EndToEndLab(
                "mixed", flavour: "el9", hostFlavours: ["haproxy1=standard", "haproxy2=debian12"], home: platformHome)
        ]
    private static let platformHome = "/var/tmp/haprov-e2e-\(mark)-platforms"

    let name: String
    /// Without what tells it from those of other checkouts.
    let title: String
    let flavour: String
    /// `HOST=FLAVOUR` of hosts that are not as the others.
    let hostFlavours: [String]
    let hasDisks: Bool
    /// The inventory that its hosts are those of; the guide's cluster where nil.
    private let cluster: String?
    private var isUp = false
    private(set) var inventory = ""
    /// Its folder of RPMs; empty where its hosts install none.
    private(set) var rpms = ""
    /// Its folder of .deb files, likewise.
    private(set) var debs = ""
    /// The hosts before haprov touched them.
    private var bareSnapshots: Snapshots?
    /// What the apply on bare hosts said.
    private var firstApply: Told?
    /// The inventory that the hosts were last made to follow; nil where they are bare or it is not known.
    private var standing: String?

    private init(
        _ name: String, flavour: String, hostFlavours: [String] = [], hasDisks: Bool = false, cluster: String? = nil,
        home: String = "/var/tmp/haprov-e2e-\(mark)"
    ) {
        title = name
        self.name = "e2e-\(Self.mark)-\(name)"
        self.flavour = flavour
        self.hostFlavours = hostFlavours
        self.hasDisks = hasDisks
        self.cluster = cluster
        self.home = home
    }

    /// The files of the labs that run together; removed with the last.
    let home: String
    /// Inventories and keys that tests write; removed with the lab.
    var folder: String { "\(home)/\(name)" }
    /// Compiled trees, for all labs of a home.
    var cache: String { "\(home)/cache" }

    /// Tells two checkouts apart, and is the same for the next run of this one, which clears up after a killed one: what
    /// `Tools/run-tests` looks for, where it runs these tests.
    static let mark: String = {
        if let mark = ProcessInfo.processInfo.environment["HAPROV_TEST_MARK"] { return mark }
        let hash = EndToEndLab.program.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return String(hash, radix: 16)
    }()

    /// The program under test: built beside the tests.
    static let program: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("haprov").path
    }()

    /// The one file that is given out, as `make packages` has left it, its packages beside it.
    static let distribution = ProcessInfo.processInfo.environment["HAPROV_DIST"]

    /// For work on one test: the labs are neither taken down at the end nor built anew at the beginning.
    static var isKept: Bool { ProcessInfo.processInfo.environment["HAPROV_LAB_KEEP"] == "1" }

    /// The folder of tarballs: $HAPROV_TEST_TARBALLS.
    static func tarballs() throws -> String {
        let wanted = ["haproxy_2.6.12.orig.tar.gz", "keepalived_2.2.7.orig.tar.gz"]
        guard let folder = ProcessInfo.processInfo.environment["HAPROV_TEST_TARBALLS"], !folder.isEmpty else {
            throw Trouble("HAPROV_TEST_TARBALLS must name a folder that holds \(wanted.joined(separator: " and "))")
        }
        for name in wanted where !FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
            throw Trouble("HAPROV_TEST_TARBALLS is \(folder), and \(name) is not in it: `apt-get source` brings it")
        }
        return folder
    }

    // MARK: the lab

    /// Brings the lab up, once.
    @discardableResult
    func up() throws -> Self {
        if isUp { return self }
        if !Self.isKept { try down() }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let builds = ProcessInfo.processInfo.environment["HAPROV_TEST_BUILDS"] { borrowBuilds(builds) }
        var others = hostFlavours.flatMap { ["--host", $0] } + (hasDisks ? ["--disks"] : [])
        if let cluster {
            others += ["--inventory", "\(folder)/hosts.yml"]
            try Data(cluster.utf8).write(to: URL(fileURLWithPath: "\(folder)/hosts.yml"))
        }
        let told = try lab("up", ["--flavour", flavour, "--json"] + others, within: 1800)
        let summary = try Told(told).summary
        guard told.status == 0, summary["ok"].flag == true, let inventory = summary["inventory"].text else {
            throw Trouble("haprov lab up: \(told)")
        }
        self.inventory = inventory
        rpms = summary["rpms"].text ?? ""
        debs = summary["debs"].text ?? ""
        try widenLimits()
        // D-Bus starts polkit at the first question; the snapshots shall not see the difference.
        for host in Self.balancers { try on(host, "firewall-cmd --state") }
        isUp = true
        return self
    }

    /// No test here judges how fast a machine is. Where it is busy, two standbys a few milliseconds of skew apart may both
    /// announce the VIP, and clients find the right one only when keepalived announces it again, 5 s later.
    private func widenLimits() throws {
        let text = try String(contentsOfFile: inventory, encoding: .utf8)
        let limits = "limits: { vip_moved: 5s, client_gap: 5s }"
        // A lab that was kept has them.
        if text.contains(Self.wideLimits) { return }
        guard text.contains(limits) else { throw Trouble("the lab's inventory has no `\(limits)`: \(text)") }
        try text.replacingOccurrences(of: limits, with: Self.wideLimits).write(
            toFile: inventory, atomically: false, encoding: .utf8)
    }

    private static let wideLimits = "limits: { vip_moved: 12s, client_gap: 12s }"

    /// The same of an inventory that says nothing of limits.
    func widenLimits(of inventory: String) throws {
        let text = try String(contentsOfFile: inventory, encoding: .utf8)
        try (text + Self.wideLimits + "\n").write(toFile: inventory, atomically: false, encoding: .utf8)
    }

    /// Ends the lab, also one of an earlier run that was killed.
    func down() throws {
        let told = try lab("down", within: 120)
        guard told.status == 0 else { throw Trouble("haprov lab down: \(told)") }
        try? FileManager.default.removeItem(atPath: folder)
        isUp = false
        standing = nil
        firstApply = nil
        bareSnapshots = nil
    }

    @discardableResult
    func lab(_ command: String, _ arguments: String..., within seconds: Double = 900) throws -> Program.Outcome {
        try lab(command, arguments, within: seconds)
    }

    func lab(_ command: String, _ arguments: [String], within seconds: Double = 900) throws -> Program.Outcome {
        try Program.run([Self.program, "lab", command, "--name", name] + arguments, within: seconds)
    }

    /// Runs a shell script as root on a host, beside ssh.
    @discardableResult
    func on(_ host: String, _ script: String, within seconds: Double = 900) throws -> Program.Outcome {
        try Program.run(
            [Self.program, "lab", "exec", "--name", name, host, "--", "sh", "-s"], input: script + "\n", within: seconds
        )
    }

    /// The output of a script that must end well, without the last newline.
    @discardableResult
    func ask(_ host: String, _ script: String) throws -> String {
        let outcome = try on(host, script)
        guard outcome.status == 0 else { throw Trouble("\(host): \(script): \(outcome)") }
        return outcome.lines.joined(separator: "\n")
    }

    /// Copies a file to a host.
    func send(_ file: String, to path: String, on host: String) throws {
        let told = try Program.run([
            "sh", "-c", #"exec "$1" lab exec --name "$2" "$3" -- sh -c "cat >$4" <"$0""#, file, Self.program, name,
            host,
            path,
        ])
        guard told.status == 0 else { throw Trouble("\(file) to \(host): \(told)") }
    }

    // MARK: haprov

    /// Starts haprov where it reaches the hosts.
    ///
    /// - Parameters:
    ///   - assets: a folder of tarballs in the place of the usual one.
    ///   - machine: the file of another machine's identity, where it shall think itself there.
    func start(
        _ arguments: [String], inventory: String? = nil, json: Bool = true, assets: String? = nil,
        machine: String? = nil, environment: [String: String] = [:]
    ) throws -> Program {
        var command = [Self.program, "lab", "run", "--name", name, "--"]
        if let machine {
            let elsewhere = #"mount --bind "$0" /etc/machine-id && exec "$@""#
            command += ["unshare", "--mount", "sh", "-c", elsewhere, machine]
        }
        command += [Self.program] + arguments
        if json { command.append("--json") }
        command += ["--assets", try assets ?? Self.tarballs()]
        if let inventory { command.append(inventory) }
        var variables = ["HAPROV_CACHE": cache]
        variables.merge(environment) { $1 }
        return try Program(command, environment: variables)
    }

    /// Runs haprov to its end.
    ///
    /// - Parameter event: called with every event as it comes.
    func haprov(
        _ arguments: String..., inventory: String? = nil, environment: [String: String] = [:],
        event: (_ event: JSON, _ process: pid_t) throws -> Void = { _, _ in }
    ) throws -> Told {
        try haprov(arguments, inventory: inventory, environment: environment, event: event)
    }

    func haprov(
        _ arguments: [String], inventory: String? = nil, assets: String? = nil, machine: String? = nil,
        environment: [String: String] = [:], event: (_ event: JSON, _ process: pid_t) throws -> Void = { _, _ in }
    ) throws -> Told {
        let program = try start(
            arguments, inventory: inventory, assets: assets, machine: machine, environment: environment)
        return try Told(program.finish { line in try event(JSON(line: line), program.id) })
    }

    /// Writes a changed copy of the lab's inventory; fails where a text to be replaced is not in it.
    func inventory(_ name: String, _ changes: (String, String)...) throws -> String {
        try inventory(name, changes)
    }

    func inventory(_ name: String, _ changes: [(String, String)]) throws -> String {
        var text = try String(contentsOfFile: inventory, encoding: .utf8)
        for (old, new) in changes {
            guard text.contains(old) else { throw Trouble("the lab's inventory has no `\(old)`: \(text)") }
            text = text.replacingOccurrences(of: old, with: new)
        }
        let path = "\(folder)/\(name).yml"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    // MARK: states

    /// The hosts as the lab built them.
    func bare() throws {
        try up()
        if bareSnapshots == nil, try !hasRuns() { bareSnapshots = try snapshots(Self.balancers + Self.applications) }
        guard try hasRuns() else { return }
        let told = try haprov("rollback", "--all", "--yes")
        guard told.status == 0 else { throw Trouble("haprov rollback --all: \(told)") }
        standing = nil
    }

    /// How the hosts were before haprov touched them. To be asked before a test changes them: where nobody has looked yet,
    /// this looks.
    func bareHosts() throws -> Snapshots {
        if bareSnapshots == nil { try bare() }
        guard let bareSnapshots else { throw Trouble("this lab was kept: how its hosts were built is not known") }
        return bareSnapshots
    }

    /// What the apply on bare hosts said.
    func firstApplied() throws -> Told {
        guard let firstApply else { throw Trouble("this lab was kept: what the first apply said is not known") }
        return firstApply
    }

    /// The hosts as the lab's inventory says, or another one. The first time, from bare hosts.
    func converged(_ other: String? = nil) throws {
        try up()
        let wanted = other ?? inventory
        if firstApply == nil, other == nil, !Self.isKept {
            try bare()
            let told = try haprov("apply", "--yes")
            guard told.status == 0 else { throw Trouble("haprov apply on bare hosts: \(told)") }
            firstApply = told
        } else if standing != wanted {
            let told = try haprov("apply", "--yes", "--no-verify", inventory: wanted)
            guard told.status == 0 else { throw Trouble("haprov apply: \(told)") }
        }
        standing = wanted
        try settled()
    }

    /// The lab's inventory with the one word changed, and without what the other engine needs.
    func vrrpdInventory() throws -> String {
        try up()
        return try inventory("vrrpd", Self.engineVRRPD, Self.withoutKeepalived)
    }

    /// Takes over what another lab's haprov has compiled, where it has: nothing is compiled twice.
    func borrowBuilds(of other: EndToEndLab) { borrowBuilds("\(other.cache)/builds") }

    /// - Parameter folder: where they are.
    private func borrowBuilds(_ folder: String) {
        let files = FileManager.default
        try? files.createDirectory(atPath: cache, withIntermediateDirectories: true)
        try? files.copyItem(atPath: folder, toPath: "\(cache)/builds")
    }

    /// Told by tests that leave the hosts as no inventory says.
    func disturbed() { standing = nil }

    /// Whether any run stands on the hosts.
    private func hasRuns() throws -> Bool {
        let told = try haprov("history")
        guard told.status == 0 else { throw Trouble("haprov history: \(told)") }
        return told.all("run").contains {
            $0["command"].text == "apply" && ($0["changes"].number ?? 0) > ($0["undone"].number ?? 0)
        }
    }

    /// Waits until one balancer, the first unless another is named, holds the VIP.
    func settled(on holder: String? = "haproxy1") throws {
        try wait("the VIP to be on \(holder ?? "one balancer") alone") {
            let holders = try self.holders()
            return holders.count == 1 && (holder == nil || holders == [holder])
        }
    }

    /// The balancers that hold the VIP.
    func holders() throws -> [String] {
        try Self.balancers.filter { try on($0, "ip -o -4 addr show | grep -qwF \(Self.vip)").status == 0 }
    }

    /// Waits for a condition, with a limit that only a fault reaches.
    func wait(_ what: String, seconds: Double = 90, _ condition: () throws -> Bool) throws {
        let end = Date(timeIntervalSinceNow: seconds)
        while try !condition() {
            guard Date() < end else { throw Trouble("waited \(seconds) s for \(what)") }
            usleep(100_000)
        }
    }

    /// Snapshots of hosts, all taken at once.
    func snapshots(_ hosts: [String] = EndToEndLab.balancers) throws -> Snapshots {
        let programs = try hosts.map { host in
            try Program(
                [Self.program, "lab", "exec", "--name", name, host, "--", "sh", "-s"], input: Snapshot.script + "\n")
        }
        var snapshots: Snapshots = [:]
        for (host, program) in zip(hosts, programs) {
            let outcome = try program.finish()
            guard outcome.status == 0 else { throw Trouble("snapshot of \(host): \(outcome)") }
            snapshots[host] = try Snapshot(outcome.lines)
        }
        return snapshots
    }

    /// The main process of a unit on a host.
    func mainProcess(_ unit: String, on host: String) throws -> Int {
        let text = try ask(host, "systemctl show -p MainPID \(unit)").dropFirst("MainPID=".count)
        guard let number = Int(text), number > 0 else { throw Trouble("\(unit) does not run on \(host)") }
        return number
    }

    /// An answer by HTTP, asked where the controller is.
    func get(_ url: String) throws -> String {
        let outcome = try Program.run(
            [Self.program, "lab", "run", "--name", name, "--", "curl", "-s", "-m", "5", url], within: 30)
        return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
