import ArgumentParser
import Errors
import Inventory
import Planning
import Provisioning

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validate the inventory, the playbooks and the tarballs, offline.",
        discussion:
            "Every fault is listed at once, with its line and column and what to do about it. Ends 1 where there are any. "
            + "With --verbose: how each host is logged in to, and whether the inventory, OpenSSH's configuration or nobody says so."
    )

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("check", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console, needs: .tarballs)
            for product in workspace.cluster.compiledProducts { try workspace.recipes.refuseFlawed(product.name) }
            let cluster = workspace.cluster
            let hosts = cluster.balancers.map(\.name)
            // Offline it is not known which of the platforms a host is.
            let readings = try workspace.session(events: console.show).resourcesByPlatform().map {
                ConfigurationReading(cluster: cluster, resources: $0)
            }
            var failures: [Failure] = []
            var notes: [String] = []
            for reading in readings {
                failures += reading.failures(on: hosts).filter { !failures.contains($0) }
                notes += reading.notes(on: hosts).filter { !notes.contains($0) }
            }
            guard failures.isEmpty else { throw Failures(failures) }
            for note in notes { console.show(.note(host: nil, text: note)) }
            console.say(
                "\(workspace.file.path) is sound: \(cluster.balancers.count) balancers and "
                    + "\(cluster.applications.count) applications share "
                    + "\(cluster.instances.map(\.description).joined(separator: " and ")).")
            return Outcome(fields: ["inventory": .text(workspace.file.path), "warnings": .number(workspace.warnings)])
        }
    }
}
