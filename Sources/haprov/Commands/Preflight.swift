import ArgumentParser
import Provisioning

struct PreflightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "Connect and look whether every balancer is fit. Changes nothing.",
        discussion: """
            Looks at the system, free space, NICs, the virtual IP, the applications' ports, what runs already, who else speaks \
            VRRP on the segment (heard for three intervals; nothing is sent) and what would be installed. Ends 4 where a balancer cannot be reached or does not let us in, 1 where one is not fit.
            """)

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("preflight", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console)
            let session = try workspace.session(events: console.show)
            return try await session.withFleet { fleet in
                let survey = try await session.survey(fleet, listens: true)
                for host in workspace.cluster.balancers {
                    guard let system = survey.facts[host.name]?.system else { continue }
                    let platform = survey.platform(of: host.name).name
                    console.say(
                        "  \(console.green("✓")) \(host.name): \(system.release): \(platform), \(system.architecture), fit"
                    )
                    console.emit([
                        "type": "host", "host": .text(host.name), "release": .text(system.release),
                        "platform": .text(platform), "kernel": .text(system.kernel), "ok": true,
                    ])
                }
                for remark in survey.remarks { console.show(.note(host: remark.host, text: remark.text)) }
                if console.isVerbose {
                    for text in survey.bystanders { console.show(.note(host: nil, text: text)) }
                }
                return Outcome()
            }
        }
    }
}
