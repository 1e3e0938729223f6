import ArgumentParser
import Inventory
import Provisioning

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who holds the virtual IP, what runs where, and what has drifted. Changes nothing.")

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("status", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let session = try workspace.session(events: { _ in })
            let report = await ClusterStatus.gather(session)
            let vip = workspace.cluster.vip.address.address
            console.say(
                "\(vip) is held by \(report.holders.isEmpty ? "nobody" : report.holders.joined(separator: " and "))")
            for host in report.hosts {
                var text = "  \(host.name)  "
                if let failure = host.failure {
                    text += console.red("\(failure.step): \(failure.summary)")
                } else {
                    text += host.services.map { "\($0.name) \($0.state)" }.joined(separator: ", ")
                    text +=
                        host.drift.isEmpty
                        ? ", as the inventory says" : console.yellow(", \(host.drift.count) differences")
                }
                console.say(text)
                for difference in host.drift { console.say("    \(console.yellow("~")) \(difference)") }
                console.emit([
                    "type": "host", "host": .text(host.name), "vip": .flag(report.holders.contains(host.name)),
                    "error": host.failure.map { .text("\($0.step): \($0.summary)") } ?? .null,
                    "services": .object(
                        Dictionary(uniqueKeysWithValues: host.services.map { ($0.name, JSONValue.text($0.state)) })),
                    "drift": .list(host.drift.map(JSONValue.text)),
                ])
            }
            var outcome = Outcome(fields: ["holders": .list(report.holders.map(JSONValue.text))])
            if report.hosts.contains(where: { $0.failure != nil }) {
                outcome.code = .unreachable
            } else if report.holders.count > 1 {
                outcome.code = .verificationFailed
            }
            return outcome
        }
    }
}
