import Foundation
import Testing

@testable import Reports

/// Pages, lines and files of a proof.
@Suite struct ReportsTests {
    /// What `haprov verify --json` says at its end, of a drill with two VIPs; names and words that markup would take for its own.
    private static let summary = #"""
        {"type":"summary","command":"verify","ok":false,"cluster":"web & <api>","engine":"keepalived","seconds":12.5,
        "time":"2026-01-31T12:00:00Z","operator":"kim@desk","version":"0.1.0","fingerprint":"00ff",
        "balancers":[{"name":"haproxy1","address":"192.0.2.1","haproxy":"2.6.12","vrrp":"keepalived 2.2.7"},
        {"name":"haproxy2","address":"192.0.2.2","haproxy":null,"vrrp":null}],
        "problems":["haproxy1: The \"VIP\" did not move."],
        "skipped":[{"name":"host-rebooted","reason":"`drill.allow` does not name it"}],
        "drills":[{"name":"haproxy-killed","ok":false,"subject":"HAProxy","from":"haproxy1","to":"haproxy2",
        "vip_moved_ms":700,"client_gap_ms":2100,"return_gap_ms":12,"vip_returned_ms":900,"requests":9000,"failed":690,
        "restored":true,"prober":"controller","resolution_ms":1,"given_back_ms":3000,"end_ms":6000,
        "limits":{"vip_moved_ms":1000,"client_gap_ms":2000},"problems":["The gap is <too> long."],"notes":[],
        "timeline":[],"logs":[{"ms":650,"host":"haproxy2","text":"keepalived[1]: Entering MASTER STATE"}],
        "vips":{"web":{"addresses":["192.0.2.100"],"struck":true,"from":"haproxy1","to":"haproxy2","vip_moved_ms":700,
        "client_gap_ms":2100,"return_gap_ms":12,"requests":9000,"failed":690,
        "timeline":[{"ms":690,"host":"haproxy1","change":"lost"},{"ms":700,"host":"haproxy2","change":"gained"},
        {"ms":3900,"host":"haproxy2","change":"lost"},{"ms":3910,"host":"haproxy1","change":"gained"}],
        "history":{"start_ms":-1000,"width_ms":10,"spans":"10*100 0/10*70 10*530"}},
        "api":{"addresses":["192.0.2.101"],"struck":false,"from":"haproxy2","to":null,"timeline":[],"history":null}}}]}
        """#

    private func proof() throws -> ProofRecord {
        try JSONDecoder().decode(ProofRecord.self, from: Data(Self.summary.utf8))
    }

    @Test(arguments: [("en", "failed", "Longest gap for clients"), ("zh", "未通过", "客户端最长中断")])
    func aPageHasWhatWasMeasuredInItsLanguage(_ language: String, _ verdict: String, _ gap: String) throws {
        let page = ReportPage.html(of: try proof(), in: try #require(.init(rawValue: language)))
        for words in [
            verdict, gap, "web &amp; &lt;api&gt;", "2100 ms", "The gap is &lt;too&gt; long.", "kim@desk",
            "keepalived[1]: Entering MASTER STATE", "host-rebooted: `drill.allow` does not name it", "192.0.2.101",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains("<too>") && !page.contains("<api>"))
        // It needs nothing else.
        for word in ["http:", "https:", "<script", "url(", "@import", "<link", "src="] { #expect(!page.contains(word)) }
    }

    @Test func holdersAndFailuresAreDrawnWhereTheyWere() throws {
        let drill = try #require(try proof().drills.first)
        let vip = try #require(drill.vips?["web"])
        let chart = DrillChart(start: -1000, end: 9000, vip: vip, hosts: ["haproxy1", "haproxy2"], moments: [0, 3000])
        let html = chart.html(.in(.english))
        // Of 10 s, drawn 1000 wide: haproxy1 until 690 ms and from 3910 ms on, haproxy2 in between.
        #expect(html.contains(#"<rect class="held" x="0.0" y="2" width="169.0" height="12"/>"#))
        #expect(html.contains(#"<rect class="held" x="491.0" y="2" width="509.0" height="12"/>"#))
        #expect(html.contains(#"<rect class="held" x="170.0" y="2" width="320.0" height="12"/>"#))
        // From the deed on for 700 ms every request failed.
        #expect(html.contains(#"<path class="failed" d="M100.0 48V0H102.0V48ZM102.0 "#))
        #expect(html.contains(#"M168.0 48V0H170.0V48Z"/>"#))
        #expect(html.contains(#"<line class="moment" x1="400.0" x2="400.0""#))
    }

    @Test func whatAnEarlierHaprovSaidMakesAPageToo() throws {
        let old = #"""
            {"ok":true,"drills":[{"name":"haproxy-killed","ok":true,"from":"a","to":"b","vip_moved_ms":5,"client_gap_ms":6,
            "return_gap_ms":null,"vip_returned_ms":null,"requests":7,"failed":1,"restored":true,"problems":[],
            "limits":{"vip_moved_ms":1,"client_gap_ms":2},"timeline":[{"ms":5,"host":"b","change":"gained"}]}]}
            """#
        let proof = try JSONDecoder().decode(ProofRecord.self, from: Data(old.utf8))
        let page = ReportPage.html(of: proof, in: .english)
        #expect(page.contains("a → b: 5 ms") && page.contains("passed"))
    }

    @Test func buildServersSeeEachDrill() throws {
        let text = JUnit.text(of: try proof())
        #expect(text.contains(#"tests="3" failures="2" skipped="1""#))
        #expect(text.contains(#"<testcase classname="web &amp; &lt;api&gt;" name="haproxy-killed" time="6.0">"#))
        #expect(text.contains(#"<failure message="The gap is &lt;too&gt; long.">"#))
        #expect(text.contains(#"<failure message="haproxy1: The &quot;VIP&quot; did not move.">"#))
        let parser = XMLCheck(text)
        #expect(parser.isSound)
    }

    /// Whether every tag is closed by its own.
    private struct XMLCheck {
        var isSound: Bool
        init(_ text: String) {
            var open: [Substring] = []
            isSound = true
            for part in text.split(separator: "<").dropFirst() where !part.hasPrefix("?") {
                let tag = part.prefix { $0 != ">" }
                let name = tag.drop { $0 == "/" }.prefix { $0 != " " && $0 != "/" }
                if tag.hasPrefix("/") {
                    if open.popLast() != name { isSound = false }
                } else if !tag.hasSuffix("/") {
                    open.append(name)
                }
            }
            isSound = isSound && open.isEmpty
        }
    }

    @Test func aDrillIsSeenAtAGlance() throws {
        let drill = try #require(try proof().drills.first)
        let vip = try #require(drill.vips?["web"])
        let timeline = try #require(TerminalTimeline(vip, in: drill))
        let lines = timeline.lines(width: 45)
        #expect(
            lines == [
                "haproxy1  ████████▌···············███████████",
                "haproxy2  ········████████████████▌··········",
                "clients   ▇▇▇▇✗✗✗✗✗▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇",
                "              ▲0             ▲3000 ms",
            ], "\(lines.joined(separator: "\n"))")
        let other = try #require(drill.vips?["api"])
        #expect(TerminalTimeline(other, in: drill) == nil, "it stayed")
    }
}
