import HostShell
import Inventory
import Testing

@testable import Drills

/// What a script says, with bars in the place of tabs.
private func records(_ text: String) -> [Record] {
    Record.all(in: Array(text.replacing("|", with: "\t").utf8))
}

@Suite struct BalancerSurveyTests {
    @Test func reads() throws {
        let survey = try #require(
            BalancerSurvey(
                records(
                    """
                    @holds|172.16.122.100|ens33
                    @unit|haproxy.service|loaded|active|enabled|7|/etc/systemd/system/haproxy.service|no||no|running|success|yes
                    @unit|keepalived.service|loaded|failed|||||||dead|exit-code|no
                    @unmet|haproxy.service|/etc/systemd/system/haproxy.service.d/x.conf: ConditionPathExists=/y
                    @unmet|keepalived.service|/z.conf: ConditionPathExists=/y
                    @remains|/run/haprov/drill
                    @armed|12|HAProxy
                    @stray|4711
                    @frozen|4712
                    @hardware|00:0c:29:00:00:01
                    @config|HAProxy refuses /x: [ALERT] bad
                    @firewalld|closed|public
                    @filter|nft ip protocol vrrp drop
                    @silent|172.16.122.103
                    @log|VRRP_Instance(VI_1) Entering FAULT STATE
                    a program's own words
                    @end
                    """), engine: .keepalived))
        #expect(survey.interface(of: TestCluster.guide().instances[0]) == "ens33")
        #expect(survey.haproxy.isActive)
        #expect(!survey.engine.isActive)
        #expect(survey.engine.fact.result == "exit-code" && !survey.engine.fact.didConditionsHold)
        #expect(survey.haproxy.fact.didConditionsHold && survey.haproxy.fact.subState == "running")
        #expect(
            survey.haproxy.unmetConditions == ["/etc/systemd/system/haproxy.service.d/x.conf: ConditionPathExists=/y"])
        #expect(survey.engine.unmetConditions == ["/z.conf: ConditionPathExists=/y"])
        #expect(survey.remains == ["/run/haprov/drill"])
        #expect(survey.armed == .init(seconds: 12, subject: "HAProxy"))
        #expect(survey.strays == [4711] && survey.frozen == [4712])
        #expect(survey.hardware == ["00:0c:29:00:00:01"])
        #expect(survey.configurationFault == "HAProxy refuses /x: [ALERT] bad")
        #expect(survey.firewalld == .closed(zone: "public"))
        #expect(survey.filters == ["nft ip protocol vrrp drop"])
        #expect(survey.silentPeers == ["172.16.122.103"])
        #expect(survey.log == ["VRRP_Instance(VI_1) Entering FAULT STATE"])
    }

    @Test func aScriptThatEndedEarlyIsNoAnswer() {
        #expect(BalancerSurvey(records("@holds|10.0.0.1|\n@remains|/x\n"), engine: .keepalived) == nil)
        #expect(
            BalancerSurvey(records("@die|ip (iproute2) is missing"), engine: .keepalived)?.broken
                == "ip (iproute2) is missing")
    }
}

@Suite struct PreconditionsTests {
    private static let healthy = [unit("haproxy", "active", "running"), unit("keepalived", "active", "running")]

    /// A unit's record; a later one takes the place of an earlier one.
    private static func unit(
        _ name: String, _ active: String, _ within: String = "", load: String = "loaded", result: String = ""
    ) -> String { "@unit|\(name).service|\(load)|\(active)||||||no|\(within)|\(result)|yes" }

    /// Three balancers with these lines beyond the usual ones; a line replaces the usual one with the same key.
    private func preconditions(
        _ lines: [String: [String]], holders: [String] = ["haproxy1"], preempt: Bool = true
    ) -> Preconditions {
        var surveys: [String: BalancerSurvey] = [:]
        for name in TestHosts.names {
            let vip = "@holds|172.16.122.100|" + (holders.contains(name) ? "ens33" : "")
            let all = [vip] + Self.healthy + (lines[name] ?? []) + ["@end"]
            surveys[name] = BalancerSurvey(records(all.joined(separator: "\n")), engine: .keepalived)
        }
        let cluster = TestCluster.guide(preempt: preempt)
        return Preconditions(
            cluster: cluster, instance: cluster.instances[0], scenarios: Scenario.all, surveys: surveys)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var lines: [String: [String]] = [:]
        var holders = ["haproxy1"]
        var preempt = true
        /// Each failure's host, and a part of its summary.
        var expected: [(host: String?, summary: String)]
        var testDescription: String { expected.first?.summary ?? "fit" }
    }

    static let cases = [
        Case(expected: []),
        Case(holders: ["haproxy3"], preempt: false, expected: []),
        Case(
            holders: ["haproxy2"],
            expected: [("haproxy2", "Expected haproxy1, which has the highest priority and preempts, to hold")]),
        Case(
            lines: ["haproxy2": [unit("keepalived", "inactive", "dead")]],
            expected: [("haproxy2", "found keepalived.service inactive (dead): the VIP cannot move to this host")]),
        // Why the first one does not hold the VIP is said once.
        Case(
            lines: ["haproxy1": [unit("haproxy", "failed", result: "exit-code")]], holders: ["haproxy2"],
            expected: [("haproxy1", "found haproxy.service failed (exit-code).")]),
        Case(
            lines: ["haproxy2": [unit("haproxy", "inactive", load: "masked")]],
            expected: [("haproxy2", "found haproxy.service masked, held down: haproxy.service is masked.")]),
        Case(
            lines: ["haproxy1": [unit("haproxy", "active", load: "masked")]],
            expected: [
                ("haproxy1", "could not be started again after a kill; it is held down: haproxy.service is masked")
            ]),
        Case(
            lines: ["haproxy1": ["@unmet|haproxy.service|/x.conf: ConditionPathExists=!/y"]],
            expected: [("haproxy1", "not haprov's doing, a condition does not hold: /x.conf: ConditionPathExists=!/y")]),
        Case(
            lines: ["haproxy1": ["@remains|/run/haprov/drill", "@armed|31|HAProxy"]],
            expected: [
                ("haproxy1", "another drill is under way or was cut short; its timer gives HAProxy back in 31 s")
            ]),
        Case(
            lines: ["haproxy2": [unit("keepalived", "inactive", "dead"), "@armed|31|keepalived"]],
            expected: [
                (
                    "haproxy2",
                    "found keepalived.service inactive (dead), held down: another drill is under way or was cut short; its"
                        + " timer gives keepalived back in 31 s"
                )
            ]),
        Case(
            lines: [
                "haproxy1": [unit("haproxy", "inactive", "dead"), "@remains|/run/haprov/drill"]
            ],
            expected: [("haproxy1", "an earlier drill left /run/haprov/drill, and no timer is there to remove it")]),
        Case(
            lines: ["haproxy3": ["@frozen|12", "@frozen|13"]],
            expected: [("haproxy3", "found that it hangs: its processes 12 13 are stopped (SIGSTOP)")]),
        Case(
            lines: ["haproxy1": ["@frozen|12", "@armed|31|HAProxy"]],
            expected: [("haproxy1", "found that it hangs: another drill is under way or was cut short")]),
        Case(
            lines: ["haproxy1": ["@stray|12", "@stray|13"]],
            expected: [("haproxy1", "Processes named haproxy run outside haproxy.service (12, 13)")]),
        Case(
            lines: ["haproxy1": ["@config|HAProxy refuses /x"]],
            expected: [("haproxy1", "could not be started again after a kill: HAProxy refuses /x.")]),
        Case(
            lines: ["haproxy1": ["@holds|172.16.122.100|eth9"]],
            expected: [("haproxy1", "Expected the VIP on ens33, found it on eth9.")]),
        Case(holders: [], expected: [(nil, "the health check itself is likely to fail")]),
        Case(
            lines: ["haproxy1": [unit("keepalived", "inactive")]], holders: [],
            expected: [("haproxy1", "Expected keepalived to run"), (nil, "keepalived does not run on haproxy1")]),
        Case(
            lines: ["haproxy2": ["@firewalld|closed|public"]], holders: ["haproxy1", "haproxy2"],
            expected: [(nil, "Likely cause: firewalld on haproxy2 does not let VRRP in (zone public)")]),
        Case(
            lines: ["haproxy3": ["@filter|iptables -A INPUT -p vrrp -j DROP", "@silent|172.16.122.101"]],
            holders: ["haproxy1", "haproxy3"],
            expected: [
                (nil, "may drop VRRP (iptables -A INPUT -p vrrp -j DROP); haproxy3 gets no answer from haproxy1")
            ]),
        Case(
            holders: ["haproxy1", "haproxy2", "haproxy3"],
            expected: [(nil, "found haproxy1, haproxy2 and haproxy3. Likely cause: the hosts reach each other")]),
    ]

    @Test(arguments: cases) func explains(_ test: Case) {
        let failures = preconditions(test.lines, holders: test.holders, preempt: test.preempt).failures()
        #expect(failures.map(\.host) == test.expected.map(\.host))
        for (failure, expected) in zip(failures, test.expected) {
            #expect(failure.summary.contains(expected.summary), "\(failure.summary)")
            #expect(failure.kind == .verification)
            #expect(!failure.remedy.isEmpty)
        }
    }

    @Test func theSuccessorHasTheNextPriority() {
        let preconditions = preconditions([:])
        let hosts = preconditions.cluster.balancers
        #expect(hosts.compactMap { preconditions.successor(of: $0)?.name } == ["haproxy2", "haproxy1", "haproxy1"])
    }

    @Test func rivalsAreThoseWhoseTimersTie() {
        var cluster = TestCluster.guide(preempt: false)
        let hosts = cluster.balancers
        #expect(
            TakeoverEstimate.rivals(of: hosts[1], from: hosts[0], for: cluster.instances[0], in: cluster) == [
                "haproxy3"
            ])
        cluster.instances[0].preempt = true
        #expect(TakeoverEstimate.rivals(of: hosts[1], from: hosts[0], for: cluster.instances[0], in: cluster) == [])
        cluster.instances[0].preempt = false
        cluster.instances[0].members[2].priority = 50
        #expect(TakeoverEstimate.rivals(of: hosts[1], from: hosts[0], for: cluster.instances[0], in: cluster) == [])
    }
}
