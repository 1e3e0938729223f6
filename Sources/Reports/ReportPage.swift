import ProbeHistory
import Texts

/// A proof as one page that needs nothing else: no network, no script, no other file.
package enum ReportPage {
    /// The page, as HTML.
    package static func html(of proof: ProofRecord, in language: Explanation.Language) -> String {
        let words = ReportWords.in(language)
        let title = [words.title, proof.cluster].compactMap { $0 }.joined(separator: " · ")
        return """
            <!DOCTYPE html>
            <html lang="\(words.language)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(Markup.escape(title))</title>
            <style>
            \(style)</style>
            </head>
            <body>
            <main>
            <h1>\(Markup.escape(title)) \(verdict(proof.ok, words))</h1>
            \(facts(proof, words))\(list(proof.general, words.problems))\(proof.drills.map { section($0, words) }.joined())\
            \(skipped(proof.skipped ?? [], words))<footer>\(words.foot)</footer>
            </main>
            </body>
            </html>

            """
    }

    private static func verdict(_ ok: Bool, _ words: ReportWords) -> String {
        "<span class=\"verdict \(ok ? "ok" : "bad")\">\(ok ? words.passed : words.failed)</span>"
    }

    private static func facts(_ proof: ProofRecord, _ words: ReportWords) -> String {
        let balancers = (proof.balancers ?? []).map { balancer in
            let versions = [balancer.haproxy.map { "HAProxy \($0)" }, balancer.vrrp].compactMap { $0 }
            return "\(balancer.name) \(balancer.address)"
                + (versions.isEmpty ? "" : " (\(versions.joined(separator: ", ")))")
        }
        let rows = [
            (words.ended, proof.time), (words.by, proof.operator), (words.engine, proof.engine),
            (words.version, proof.version),
            (words.balancers, balancers.isEmpty ? nil : balancers.joined(separator: "; ")),
            (words.fingerprint, proof.fingerprint),
        ]
        let items = rows.compactMap { name, value in
            value.map { "<dt>\(name)</dt><dd>\(Markup.escape($0))</dd>" }
        }
        return "<dl class=\"facts\">\(items.joined(separator: "\n"))</dl>\n"
    }

    private static func section(_ drill: DrillRecord, _ words: ReportWords) -> String {
        var result = "<section>\n<h2>\(Markup.escape(drill.name)) \(verdict(drill.ok, words))</h2>\n"
        for (title, text) in [(words.hypothesis, drill.hypothesis), (words.blastRadius, drill.blastRadius)] {
            if let text { result += "<p><b>\(title):</b> \(Markup.escape(text))</p>\n" }
        }
        result += list(drill.problems, words.problems)
        for (name, vip) in drill.rows {
            let several = drill.rows.count > 1
            if several { result += "<h3>\(Markup.escape(([name] + vip.addresses).joined(separator: " ")))</h3>\n" }
            result += figures(of: vip, in: drill, words)
            for (title, chart) in DrillChart.all(of: vip, in: drill, words: words) {
                result += "<h4>\(title)</h4>\n\(chart.html(words))"
            }
        }
        return result + events(drill, words) + list(drill.notes ?? [], words.notes) + logs(drill, words)
            + "</section>\n"
    }

    private static func figures(of vip: DrillRecord.VIP, in drill: DrillRecord, _ words: ReportWords) -> String {
        func row(_ name: String, _ value: String, _ limit: String = "", isBad: Bool = false) -> String {
            "<tr><th scope=\"row\">\(name)</th><td\(isBad ? " class=\"bad\"" : "")>\(Markup.escape(value))</td><td>\(limit)</td></tr>\n"
        }
        func limited(_ name: String, _ value: Int?, _ limit: Int, _ words: String = "") -> String {
            row(
                name, words + (value.map { "\($0) ms" } ?? ""), "\(limit) ms", isBad: value.map { $0 > limit } ?? false)
        }
        var rows = ""
        if let to = vip.to {
            rows += limited(words.vipMoved, vip.vipMoved, drill.limits.vipMoved, "\(vip.from) → \(to): ")
        } else {
            rows += row(words.vipMoved, "\(words.stayed) \(vip.from)")
        }
        if let gap = vip.clientGap { rows += limited(words.clientGap, gap, drill.limits.clientGap) }
        if let gap = vip.returnGap { rows += limited(words.returnGap, gap, drill.limits.clientGap) }
        if let requests = vip.requests {
            let rare = drill.resolution.map { $0 > 1 ? ", \(words.resolution) \($0) ms" : "" } ?? ""
            rows += row(words.requests, "\(requests)\(rare), \(vip.failed ?? 0) \(words.withoutAnswer)")
        }
        rows += row(words.given, drill.restored ? words.yes : words.no, isBad: !drill.restored)
        return """
            <table><thead><tr><th scope="col">\(words.figure)</th><th scope="col">\(words.value)</th>\
            <th scope="col">\(words.limit)</th></tr></thead>
            <tbody>
            \(rows)</tbody></table>

            """
    }

    private static func events(_ drill: DrillRecord, _ words: ReportWords) -> String {
        let subject = drill.subject ?? drill.name
        var events: [(ms: Int, text: String)] = []
        if let from = drill.from { events.append((0, "\(from): \(subject) \(words.broken)")) }
        for (name, vip) in drill.rows {
            events += (vip.timeline ?? []).map { change in
                (change.ms, "\(change.host) \(change.change == "gained" ? words.gained : words.lost) \(name)")
            }
        }
        if let back = drill.givenBack, let from = drill.from {
            events.append((back, "\(from): \(subject) \(words.returned)"))
        }
        return rows(events.sorted { $0.ms < $1.ms }.map { ($0.ms, $0.text) }, words.events, open: true)
    }

    private static func logs(_ drill: DrillRecord, _ words: ReportWords) -> String {
        rows(
            (drill.logs ?? []).sorted { $0.ms < $1.ms }.map { ($0.ms, "\($0.host) \($0.text)") }, words.logs,
            open: false)
    }

    private static func rows(_ items: [(Int, String)], _ title: String, open: Bool) -> String {
        guard !items.isEmpty else { return "" }
        let rows = items.map { "<tr><td class=\"when\">\($0)</td><td>\(Markup.escape($1))</td></tr>" }
        return """
            <details\(open ? " open" : "")><summary>\(title) (\(items.count))</summary>
            <table class="lines"><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></details>

            """
    }

    private static func list(_ items: [String], _ title: String) -> String {
        guard !items.isEmpty else { return "" }
        let rows = items.map { "<li>\(Markup.escape($0))</li>" }
        return "<p><b>\(title)</b></p>\n<ul>\n\(rows.joined(separator: "\n"))\n</ul>\n"
    }

    private static func skipped(_ items: [ProofRecord.Skipped], _ words: ReportWords) -> String {
        list(items.map { "\($0.name): \($0.reason)" }, words.skipped)
    }
}
