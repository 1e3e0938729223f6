import ArgumentParser
import Foundation
import Inventory
import Lab

struct LabUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Build the lab, or repair it.",
        discussion: """
            The first time, a base image is built from this machine's Debian mirror and cached. Again on a lab that is \
            there, hosts that died are booted again on their disks, and nothing else is touched.

              haprov lab up                        the guide's cluster
              haprov lab up --inventory mine.yml   a copy of your own
            """)

    @Option(
        help: ArgumentHelp("Build the cluster of this inventory rather than the guide's.", valueName: "file"),
        completion: .file(extensions: ["yml", "yaml"]))
    var inventory: String?

    @Option(
        help: ArgumentHelp(
            """
            The folder of tarballs that the lab uses too, by a link; otherwise $HAPROV_ASSETS, or else assets/ beside the \
            inventory, where there is one.
            """, valueName: "folder"), completion: .directory)
    var assets: String?

    @Option(
        help: """
            What the hosts are: dressed as CentOS 7.7 (standard), the same with repositories of which none answers, as \
            since its end of life (dead-repositories), dressed as Rocky Linux 9.4 (el9), or Debian as it is (debian12, \
            debian13).
            """)
    var flavour: LabFlavour?

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp(
            "A host that is not as the others are, and what it is; several times for several.",
            valueName: "name=flavour"))
    var hosts: [HostFlavour] = []

    @Flag(help: "Give every host a disk that loses what was not flushed when its power fails (`lab power HOST fail`).")
    var disks = false

    @OptionGroup var options: LabOptions

    func run() async throws {
        try await options.run("lab up") { [inventory, flavour, hosts, disks, assets] lab, console in
            let cluster = try inventory.map { try Self.read($0, console) }
            try await lab.up(
                cluster: cluster, flavour: flavour,
                hostFlavours: Dictionary(hosts.map { ($0.host, $0.flavour) }) { $1 }, hasDisks: disks)
            if let folder = AssetFolder.named(assets) {
                try await lab.useAssets(of: folder, isWished: true)
            } else if let inventory {
                let folder = AssetFolder.path(nil, inventoryFolder: try InventoryFile(inventory).folder)
                if access(folder, F_OK) == 0 { try await lab.useAssets(of: folder, isWished: false) }
            }
            let outcome = console.show(try lab.status())
            let name = lab.name == .standard ? "" : " --name \(lab.name)"
            console.say("Up in \(console.seconds) s. Next: `haprov lab run\(name) -- haprov plan`.")
            return outcome
        }
    }

    private static func read(_ path: String, _ console: Console) throws -> Cluster {
        let file = try InventoryFile(path)
        let reading = InventoryReader.read(file.text, file: file.path)
        guard var cluster = reading.cluster else { throw InputFaults(inventory: reading.diagnostics) }
        for diagnostic in reading.diagnostics { console.show(diagnostic, of: "inventory") }
        cluster.resolvePaths(from: file.folder)
        // Where the lab's applications are to listen; what is wrong with it, `haprov check` says.
        _ = cluster.readConfiguration(reading, file: file.path, passwords: [:], secretValues: [:], recipes: nil)
        return cluster
    }
}

extension LabFlavour: ExpressibleByArgument {}

/// `NAME=FLAVOUR`.
struct HostFlavour: ExpressibleByArgument {
    var host: String
    var flavour: LabFlavour

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="),
            let flavour = LabFlavour(rawValue: String(argument[argument.index(after: sign)...]))
        else { return nil }
        host = String(argument[..<sign])
        self.flavour = flavour
    }
}
