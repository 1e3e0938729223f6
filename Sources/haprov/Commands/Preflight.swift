import ArgumentParser
import Provisioning

struct PreflightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "Connect and look whether every balancer is fit. Changes nothing.",
        discussion: """
            Looks at the system, clocks, free space, NICs, the virtual IP, filters, ports, the applications, what runs already, \
            who speaks VRRP on the segment (heard for three intervals; nothing is sent) and what would be installed, and prints a \
            table a host: ✓ as it should be, ! to be put right, ✗ nothing is begun before it is put right. Ends 4 where a \
            balancer cannot be reached or does not let us in, 1 where one is not fit; warnings change nothing about that.
            """)

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("preflight", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console)
            let session = try workspace.session(events: console.show)
            return try await session.withFleet { fleet in
                let (examination, report) = try await session.preflight(fleet)
                let preflight = examination.preflight
                let hosts = workspace.cluster.balancers.map(\.name).filter { preflight.facts[$0] != nil }
                console.endProgress()
                console.show(report, of: hosts)
                for host in hosts {
                    guard let system = preflight.facts[host]?.system else { continue }
                    console.emit([
                        "type": "host", "host": .text(host), "release": .text(system.release),
                        "platform": .text(preflight.platforms.working(system).name), "kernel": .text(system.kernel),
                        "ok": .flag(!examination.problems.contains { $0.host == host }),
                    ])
                }
                // Who reads objects finds here what `plan` and `apply` say too; the table has it all.
                if console.isJSON {
                    for remark in preflight.remarks() { console.show(.note(host: remark.host, text: remark.text)) }
                    for problem in examination.problems { console.show(problem) }
                }
                let counts = [
                    ("passed", report.count(.pass)), ("warnings", report.count(.warn)),
                    ("failures", report.count(.fail)),
                ]
                return Outcome(
                    code: examination.problems.isEmpty ? .success : ExitCode(examination.problems),
                    fields: Dictionary(counts.map { ($0.0, .number($0.1)) }, uniquingKeysWith: { $1 }))
            }
        }
    }
}
