import ArgumentParser
import Drills
import Errors
import Foundation
import Inventory
import Planning
import Provisioning
import Reports

extension Console {
    /// Shows what happens during a drill.
    func show(_ event: DrillEvent) {
        switch event {
        case .checking: progress { $0.pass("looking at the balancers", at: $1) }
        case .proberPlaced(let location, let target, let interval):
            tell("prober", "a request every \(Self.time(interval)) from \(location.name) to \(target)")
        case .began(let scenario, let from, let vips, let expected):
            tell("drill", "\(scenario.name): \(from) holds \(vips)\(expected.map { ", \($0) should take over" } ?? "")")
        case .armed(let host, let subject, let seconds):
            tell("armed", "\(host) gives \(subject) back by itself within \(seconds) s, whatever becomes of haprov")
        case .broken(_, let word, let text): tell(word, text)
        case .vip(let title, let host, let change, let ms):
            tell("vip", "\(host) \(change.rawValue) \(title)\(ms.map { " after \($0) ms" } ?? "")")
        case .served: tell("served", "clients have good answers again")
        case .givingBack(let host, let subject): progress { $0.pass("giving \(subject) back on \(host)", at: $1) }
        case .restored(let host, let subject, let runs):
            tell("restored", "\(subject) \(runs ? "runs again" : "is given back") on \(host)")
        case .note(let text): tell("note", text)
        case .finished: break
        }
    }

    /// Shows who else answers for the VIP.
    ///
    /// - Returns: the exit code that it means.
    func show(_ view: WireView, failing failures: [Failure]) -> ExitCode {
        for failure in failures { show(failure) }
        for note in view.notes where !failures.contains(where: { note.hasPrefix($0.summary) }) {
            show(.note(host: nil, text: note))
        }
        return failures.isEmpty ? .success : ExitCode(failures)
    }

    /// - Parameter interval: microseconds.
    private static func time(_ interval: Int) -> String {
        if interval == 1000 { return "millisecond" }
        let tenths = (interval + 50) / 100
        return tenths.isMultiple(of: 10) ? "\(tenths / 10) ms" : "\(tenths / 10).\(tenths % 10) ms"
    }

    private func tell(_ word: String, _ text: String) {
        say("  \(text)")
        emit(["type": "drill", "event": .text(word), "text": .text(text)])
    }

    /// Shows what drills are for, and what they may cost, before anybody is asked.
    func show(_ choice: DrillChoice, on cluster: Cluster) {
        for scenario in choice.scenarios {
            say("  \(bold(scenario.name))")
            for (word, text) in Announcement.plan(scenario, on: cluster) {
                let room = String(repeating: " ", count: max(1, 14 - word.count))
                say("    \(word)\(room)\(Layout.wrap(text, width: width, indent: 18))")
            }
        }
        for one in choice.skipped {
            say("  " + Layout.wrap("\(one.name) is skipped: \(one.reason)", width: width, indent: 4))
        }
    }

    /// Shows what a drill showed. What was wrong follows as errors.
    func show(_ report: DrillReport) {
        if report.from == nil, report.requests == 0 {
            return say("\(red("✗")) \(bold(report.scenario.name)) could not begin")
        }
        say("\(report.ok ? green("✓") : red("✗")) \(bold(report.scenario.name))")
        if report.vips.count > 1 { for vip in report.vips { show(vip, of: report) } } else { showOnlyVIP(of: report) }
        let resolution = report.resolutionMilliseconds.map { $0 > 1 ? ", one every \($0) ms" : "" } ?? ""
        say("    requests         \(report.requests)\(resolution), \(report.failed) without a good answer")
        let back = report.subject.count < 11 ? "\(report.subject) back " : "given back "
        let room = String(repeating: " ", count: max(0, 17 - back.count))
        say("    \(back)\(room)\(report.restored ? green("yes") : red("no"))")
        showTimelines(of: report)
    }

    /// Who held each VIP that moved, and how its clients fared, at a glance.
    private func showTimelines(of report: DrillReport) {
        guard let data = try? JSONEncoder().encode(report),
            let record = try? JSONDecoder().decode(DrillRecord.self, from: data)
        else { return }
        for (name, vip) in record.rows {
            guard let timeline = TerminalTimeline(vip, in: record) else { continue }
            say("")
            if record.rows.count > 1 { say("    \(name)") }
            for line in timeline.lines(width: (width ?? 80) - 4) { say("    \(line)") }
        }
    }

    private func time(_ value: Int?, limit: Int) -> String {
        guard let value else { return "never (limit \(limit) ms)" }
        let text = "\(value) ms (limit \(limit) ms)"
        return value <= limit ? green(text) : red(text)
    }

    private func showOnlyVIP(of report: DrillReport) {
        if report.scenario.expectation.movesVIP {
            say(
                "    VIP moved        \(report.from ?? "?") → \(report.to ?? "nobody") after "
                    + time(report.vipMovedMilliseconds, limit: report.limits.vipMoved))
        }
        let gap = report.limits.clientGap
        if report.scenario.expectation.isServed {
            say("    longest gap      " + time(report.clientGapMilliseconds, limit: gap))
        } else {
            say(
                "    longest gap      \(report.clientGapMilliseconds.map { "\($0) ms" } ?? "to the end"), as it should be"
            )
        }
        if let returned = report.vipReturnedMilliseconds {
            let unheld = report.returnUnheldMilliseconds ?? 0
            say(
                "    VIP returned     \(report.to ?? "nobody") → \(report.from ?? "?") after \(returned) ms"
                    + (unheld > 0 ? ", \(unheld) ms of them on nobody" : ""))
        }
        if report.scenario.expectation.isServed, let back = report.returnGapMilliseconds {
            say("    gap on return    " + time(back, limit: gap))
        }
    }

    /// One of several VIPs: that it moved, or that it stayed.
    private func show(_ vip: VIPReport, of report: DrillReport) {
        let room = String(repeating: " ", count: max(1, 17 - vip.name.count))
        let moves = vip.isStruck && report.scenario.expectation.movesVIP
        var text = ""
        if moves || vip.to != nil {
            text =
                "\(vip.from) → \(vip.to ?? "nobody") after "
                + time(vip.vipMovedMilliseconds, limit: report.limits.vipMoved)
        } else {
            text = "stayed on \(vip.from)"
        }
        if vip.requests != nil {
            text += ", longest gap " + time(vip.clientGapMilliseconds, limit: report.limits.clientGap)
        }
        say("    \(vip.name)\(room)\(text)")
        if let returned = vip.vipReturnedMilliseconds {
            let unheld = vip.returnUnheldMilliseconds ?? 0
            let gap =
                vip.returnGapMilliseconds.map { ", longest gap " + time($0, limit: report.limits.clientGap) } ?? ""
            say(
                "                     back on \(vip.from) after \(returned) ms"
                    + (unheld > 0 ? ", \(unheld) ms of them on nobody" : "") + gap)
        }
    }
}
