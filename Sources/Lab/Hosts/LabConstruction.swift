import Errors
import Foundation

/// Builds a lab where there is none.
struct LabConstruction {
    var paths: LabPaths
    /// Whether every host gets a disk that can lose what was not flushed.
    var hasDisks = false
    var report: (String) -> Void

    /// - Throws: what went wrong; the lab is then unfinished, and the next `up` starts over.
    func run(_ state: LabState) async throws(Failure) {
        var state = state
        let plan = state.plan
        try Watchers.check(hosts: plan.hosts.count)
        try Files.makeFolder(paths.folder, mode: 0o700)
        try state.save(paths)
        try Files.write(state.inventory, to: paths.inventory, mode: 0o600)
        try Files.write(ImageRecipe(system: plan.flavour.system).files["host.sh"] ?? "", to: paths.hostScript)
        let keys = HostKeys(paths: paths, hosts: plan.hosts)
        try await keys.create()
        for host in plan.hosts {
            let files = HostFiles.files(of: host, in: plan, machineID: Self.machineID()) + (try keys.files(of: host))
            let layers = state.image(of: host).layers(isBalancer: host.isBalancer)
            let write = { () throws(Failure) in
                let upper = paths.store(of: host) + "/upper"
                try Files.makeFolder(upper)
                try HostDisk(upper: upper, layers: layers).write(files)
            }
            guard hasDisks else {
                try write()
                continue
            }
            let image = paths.image(of: host)
            try Files.makeFolder(paths.disk(of: host))
            try await image.create()
            try await image.whileMounted(write)
        }
        let wire = LabWire(paths: paths, plan: plan)
        try await wire.create()
        report("booting \(plan.hosts.map(\.name).joined(separator: ", "))")
        var machines: [HostMachine] = []
        for host in plan.hosts {
            try await wire.attach(host, isCut: false)
            let machine = try HostMachine(paths: paths, host: host)
            try await machine.start(image: state.image(of: host), flavour: plan.flavour(of: host))
            machines.append(machine)
        }
        try await HostReadiness(paths: paths).wait(for: machines, strictly: true)
        state.isComplete = true
        try state.save(paths)
    }

    private static func machineID() -> String {
        (0..<2).map { _ in
            let half = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - half.count) + half
        }.joined()
    }
}
