/// A proof as the XML that build servers read.
package enum JUnit {
    /// One test case a drill; one more where something was wrong before any.
    package static func text(of proof: ProofRecord) -> String {
        let name = Markup.escape(proof.cluster ?? "haprov")
        var cases = proof.drills.map { testCase($0, in: name) }
        var failures = proof.drills.count { !$0.ok }
        let general = proof.general
        if !general.isEmpty || !proof.ok && failures == 0 {
            failures += 1
            cases.insert(
                "    <testcase classname=\"\(name)\" name=\"cluster\">\n\(failure(general))    </testcase>\n", at: 0)
        }
        let skipped = proof.skipped ?? []
        cases += skipped.map {
            "    <testcase classname=\"\(name)\" name=\"\(Markup.escape($0.name))\">\n"
                + "      <skipped message=\"\(Markup.escape($0.reason))\"/>\n    </testcase>\n"
        }
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" skipped=\"\(skipped.count)\""
        let when =
            proof.time.map { " timestamp=\"\(Markup.escape($0.hasSuffix("Z") ? String($0.dropLast()) : $0))\"" } ?? ""
        let seconds = proof.seconds.map { " time=\"\($0)\"" } ?? ""
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="haprov verify" \(counts)\(seconds)>
              <testsuite name="\(name)" \(counts)\(when)\(seconds)>
            \(cases.joined())  </testsuite>
            </testsuites>

            """
    }

    private static func testCase(_ drill: DrillRecord, in cluster: String) -> String {
        let seconds = drill.end.map { " time=\"\(Double($0) / 1000)\"" } ?? ""
        let head = "    <testcase classname=\"\(cluster)\" name=\"\(Markup.escape(drill.name))\"\(seconds)>\n"
        let figures = [
            ("vip_moved_ms", drill.vipMoved), ("client_gap_ms", drill.clientGap), ("return_gap_ms", drill.returnGap),
            ("requests", drill.requests), ("failed", drill.failed),
        ].compactMap { name, value in value.map { "\(name)=\($0)" } }
        let output = "      <system-out>\(figures.joined(separator: " "))</system-out>\n"
        return head + (drill.ok ? "" : failure(drill.problems)) + output + "    </testcase>\n"
    }

    private static func failure(_ problems: [String]) -> String {
        let first = Markup.escape(problems.first ?? "haprov verify failed")
        return
            "      <failure message=\"\(first)\">\(problems.map { Markup.escape($0) }.joined(separator: "\n"))</failure>\n"
    }
}
