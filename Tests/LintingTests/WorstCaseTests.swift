import Testing

@testable import Linting

@Suite struct WorstCaseTests {
    private static func cases(
        _ check: String, weight: Int = 0, priorities: [Int] = [150, 100], haproxy: String? = nil, script: String? = nil
    ) throws -> [String] {
        var text = "== x\n"
        for (index, priority) in priorities.enumerated() {
            text += """

                -- lb\(index + 1) keepalived
                vrrp_script chk {
                    script "\(check)"
                    interval 2
                    fall 2
                    weight \(weight)
                }
                vrrp_instance VI_1 {
                    state BACKUP
                    interface eth0
                    virtual_router_id 51
                    priority \(priority)
                    virtual_ipaddress {
                        192.0.2.100
                    }
                    track_script {
                        chk
                    }
                }

                """
            if let haproxy { text += "\n-- lb\(index + 1) haproxy\n\(haproxy)\n" }
            if let script { text += "\n-- lb\(index + 1) script \(check) 755\n\(script)\n" }
        }
        return WorstCase.all(of: Fixture(text, file: "x").subject).map(\.text)
    }

    // In the order of kinds: HAProxy dies, hangs; daemon, host, link; application. Skew: 156/256 s of priority 100.

    @Test("A check without weight resigns: the other waits its skew time alone") func resignation() throws {
        #expect(
            try Self.cases("/usr/bin/killall -0 haproxy") == ["4.61s", "never", "3.61s", "3.61s", "3.61s", "?"])
    }

    @Test("A weight that outweighs lets the other wait for three intervals") func weight() throws {
        #expect(try Self.cases("/usr/bin/killall -0 haproxy", weight: -60)[0] == "7.61s")
        #expect(try Self.cases("/usr/bin/killall -0 haproxy", weight: -10)[0] == "never")
        #expect(try Self.cases("/usr/bin/killall -0 haproxy", weight: 60)[0] == "7.61s")
        #expect(try Self.cases("/usr/bin/killall -0 haproxy", weight: 10)[0] == "never")
    }

    @Test("A check that asks sees that HAProxy hangs, by its timeout") func hang() throws {
        let cases = try Self.cases("/usr/bin/curl -fs http://127.0.0.1/")
        // Two runs, the first up to an interval after it began to hang, each ended after an interval.
        #expect(cases[0] == "4.61s" && cases[1] == "6.61s")
        #expect(try Self.cases("/opt/check")[1] == "?")
        #expect(try Self.cases("/opt/check", script: "#!/bin/sh\npidof haproxy || exit 1")[1] == "never")
        #expect(try Self.cases("/opt/check", script: "#!/bin/sh\necho 0")[0] == "never")
    }

    @Test("Of three balancers the slowest decides") func three() throws {
        #expect(try Self.cases("/usr/bin/killall -0 haproxy", priorities: [200, 150, 50])[3] == "3.805s")
    }

    @Test func application() throws {
        let backend = "backend app\n timeout connect 1s\n timeout server 1m\n option redispatch\n"
        func last(_ servers: String) throws -> String {
            try #require(try Self.cases("/usr/bin/killall -0 haproxy", haproxy: backend + servers).last)
        }
        #expect(try last(" server a 192.0.2.1:80 check\n server b 192.0.2.2:80 check") == "7s")
        #expect(
            try last(" server a 192.0.2.1:80 check inter 1s fall 2\n server b 192.0.2.2:80 check inter 1s fall 2")
                == "3s")
        #expect(try last(" server a 192.0.2.1:80 check\n server b 192.0.2.2:80") == "never")
    }
}
