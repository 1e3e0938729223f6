import ArgumentParser
import Planning
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

            --send-vrrp tries whether VRRP passes between each two balancers, both ways: before the cluster is set up nobody \
            speaks, and nothing can be heard. It asks first; then each sends three advertisements of priority 1 with a virtual \
            router ID that nobody was heard to use, and all listen. Never where this cluster's VRRP runs. Nothing stays behind.
            """)

    @Flag(
        name: .customLong("send-vrrp"),
        help: "Try whether VRRP passes between the balancers, by three advertisements from each; asks first.")
    var sendVRRP = false

    @Flag(name: .shortAndLong, help: "Do not ask before they are sent.")
    var yes = false

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("preflight", options.output) { [options, sendVRRP, yes] console, _ in
            let workspace = try Workspace(options, console: console)
            let session = try workspace.session(events: console.show)
            return try await session.withFleet { fleet in
                var (examination, report) = try await session.preflight(fleet)
                let preflight = examination.preflight
                if sendVRRP {
                    let found = await Self.sent(preflight, session, fleet, console, yes: yes)
                    report.findings += found
                    examination.problems += found.compactMap(\.failure)
                }
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

    /// What came of trying whether VRRP passes, or why it was not tried.
    private static func sent(
        _ preflight: Preflight, _ session: Session, _ fleet: Fleet, _ console: Console, yes: Bool
    ) async -> [PreflightFinding] {
        func untried(_ reason: String) -> [PreflightFinding] {
            [PreflightFinding(host: nil, check: "VRRP", .note, "it was not tried whether VRRP passes: \(reason)")]
        }
        let trial: VRRPTrial
        do throws(TrialObstacle) { trial = try preflight.trial() } catch { return untried(error.text) }
        let question =
            "Each balancer sends \(VRRPTrial.text) with \(trial.numbers), which nobody was heard to use. Send them?"
        guard yes || Consent.offer(question, console: console) else {
            return untried("nobody agreed to it; --yes does")
        }
        return await session.perform(trial, by: fleet).flatMap(preflight.findings)
    }
}
