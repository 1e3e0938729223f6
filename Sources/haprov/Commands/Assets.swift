import ArgumentParser
import Foundation
import Inventory
import Provisioning

struct Assets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, add and check the offline tarballs.",
        discussion: """
            They stand in assets/ beside the inventory, or where --assets or $HAPROV_ASSETS says. On a machine with a \
            network, `haprov assets` names what to fetch and from where; carry it over and add it.

              haprov assets
              haprov assets add ~/Downloads/haproxy-1.8.25.tar.gz
            """,
        subcommands: [List.self, Add.self], defaultSubcommand: List.self)
}

/// Which folder of tarballs.
struct AssetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder of tarballs; otherwise $HAPROV_ASSETS, or else assets/ beside the inventory.",
            valueName: "folder"), completion: .directory)
    var assets: String?

    @Option(
        help: ArgumentHelp(
            "The inventory; otherwise $HAPROV_INVENTORY, or else ./inventory.yml.", valueName: "file"),
        completion: .file(extensions: ["yml", "yaml"]))
    var inventory: String?

    @OptionGroup var output: OutputOptions

    /// The folder's tarballs, and the cluster that needs them where there is a sound inventory.
    func open() throws -> (store: AssetStore, cluster: Cluster?) {
        let file = try? InventoryFile(inventory)
        if file == nil, inventory != nil { _ = try InventoryFile(inventory) }
        let folder = AssetFolder.path(
            assets, inventoryFolder: file?.folder ?? FileManager.default.currentDirectoryPath)
        let manifest = try AssetManifest.shipped(assets: folder)
        let cluster = file.flatMap { InventoryReader.read($0.text, file: $0.path).cluster }
        return (AssetStore(folder: folder, manifest: manifest), cluster)
    }
}

extension Assets {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which tarballs are there, which are missing, and whether their checksums are right.",
            discussion: "Ends 1 where one that the inventory needs is missing or not what it should be.")

        @OptionGroup var options: AssetOptions

        func run() async throws {
            try await Runner.run("assets list", options.output) { [options] console, _ in
                let (store, cluster) = try options.open()
                let assets = try store.list(for: cluster)
                if assets.isEmpty { console.say("\(store.folder) holds no tarballs.") }
                var isSound = true
                for asset in assets {
                    var problem = store.problem(of: asset)
                    if problem == nil { problem = store.flaw(of: asset) }
                    if problem != nil, asset.isNeeded { isSound = false }
                    console.show(asset, problem: problem)
                }
                return Outcome(
                    code: isSound ? .success : .failure,
                    fields: ["folder": .text(store.folder), "assets": .number(assets.count)])
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take tarballs in and record their checksums.",
            discussion: "A tarball that haprov knows is compared with the publisher's checksum first.")

        @Argument(help: "The tarballs.", completion: .file(extensions: ["gz", "xz", "tgz", "bz2"]))
        var files: [String]

        @OptionGroup var options: AssetOptions

        func run() async throws {
            try await Runner.run("assets add", options.output) { [self] console, _ in
                let (store, _) = try options.open()
                for file in files {
                    let asset = try store.add(file)
                    console.show(asset, problem: store.problem(of: asset))
                }
                return Outcome(changes: files.count, fields: ["folder": .text(store.folder)])
            }
        }
    }
}

extension Console {
    func show(_ asset: Asset, problem: (message: String, remedy: String)?) {
        var digest: String?
        var witness = ""
        if case .present(let sha256, let by) = asset.state {
            digest = sha256
            witness = by == .manifest ? "as published" : "as recorded"
        }
        if let problem {
            say("  \(red("✗")) \(asset.fileName)  \(problem.message)\n      \(problem.remedy)")
        } else {
            say("  \(green("✓")) \(asset.fileName)  sha256 \(digest ?? "?")  \(witness)")
        }
        emit([
            "type": "asset", "product": .text(asset.product), "version": .text(asset.version),
            "file": .text(asset.fileName), "needed": .flag(asset.isNeeded), "url": .text(asset.url),
            "sha256": digest.map(JSONValue.text) ?? .null, "problem": problem.map { .text($0.message) } ?? .null,
        ])
    }
}
