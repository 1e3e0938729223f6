import ArgumentParser
import Errors
import Inventory
import Planning
import Provisioning

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validate the inventory, the playbooks and the tarballs, offline.",
        discussion:
            "Every fault is listed at once, with its line and column and what to do about it. Ends 1 where there are any."
    )

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("check", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console, needs: .tarballs)
            for product in workspace.cluster.compiledProducts { try await workspace.recipes.refuseFlawed(product.name) }
            let resources = try workspace.session(events: console.show).resources()
            let cluster = workspace.cluster
            let reading = ConfigurationReading(cluster: cluster, resources: resources)
            let hosts = cluster.balancers.map(\.name)
            let failures = reading.failures(on: hosts)
            guard failures.isEmpty else { throw Failures(failures) }
            for note in reading.notes(on: hosts) { console.show(.note(host: nil, text: note)) }
            console.say(
                "\(workspace.file.path) is sound: \(cluster.balancers.count) balancers and "
                    + "\(cluster.applications.count) applications share "
                    + "\(cluster.instances.map(\.description).joined(separator: " and ")).")
            return Outcome(fields: ["inventory": .text(workspace.file.path), "warnings": .number(workspace.warnings)])
        }
    }
}
