import Errors
import Planning
import Provisioning

extension Console {
    /// A table a host, then what is about the cluster, and how much there is of each.
    func show(_ report: PreflightReport, of hosts: [String]) {
        for host in hosts {
            say(bold(host))
            show(report.findings(of: host))
        }
        let others = report.findings.filter { finding in finding.host.map { !hosts.contains($0) } ?? true }
        if !others.isEmpty {
            say(bold("cluster"))
            show(others)
        }
        let (warnings, failures) = (report.count(.warn), report.count(.fail))
        let passed = "\(report.count(.pass)) passed"
        if warnings + failures == 0 {
            say("\(green("✓")) Fit: \(passed), no warning, no failure.")
        } else {
            let mark = failures > 0 ? red("✗") : yellow("!")
            let verdict = failures > 0 ? "Not fit" : "Fit"
            say(
                "\(mark) \(verdict): \(passed), \(Layout.count(warnings, "warning")), \(Layout.count(failures, "failure"))."
            )
        }
    }

    private func show(_ findings: [PreflightFinding]) {
        let names = findings.map(\.check.count).max() ?? 0
        for finding in findings {
            let mark =
                switch finding.verdict {
                case .pass: green("✓")
                case .note: dim("·")
                case .warn: yellow("!")
                case .fail: red("✗")
                }
            let name = finding.check + String(repeating: " ", count: names - finding.check.count)
            // What hosts say of themselves reaches a terminal.
            let indent = names + 6
            say("  \(mark) \(name)  " + Layout.wrap(finding.found.printable, width: width, indent: indent))
            let room = String(repeating: " ", count: indent)
            for line in (finding.cause ?? "").split(separator: "\n") { say("\(room)| \(String(line).printable)") }
            if !finding.remedy.isEmpty {
                say(room + Layout.wrap("→ \(finding.remedy.printable)", width: width, indent: indent + 2))
            }
            emit([
                "type": "check", "host": finding.host.map(JSONValue.text) ?? .null, "check": .text(finding.check),
                "verdict": .text(finding.verdict.rawValue), "found": .text(finding.found),
                "remedy": finding.remedy.isEmpty ? .null : .text(finding.remedy),
                "cause": finding.cause.map(JSONValue.text) ?? .null,
            ])
        }
    }
}
