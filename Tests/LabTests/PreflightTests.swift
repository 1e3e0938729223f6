import Foundation
import Testing

/// What preflight finds on hosts, each time before any client does: nothing is changed by looking.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.preflight]))
struct PreflightTests {
    private let lab = EndToEndLab.preflight
    private let balancers = EndToEndLab.balancers

    /// The lab's inventory with programs of packages.
    private func inventory(_ name: String = "packaged", _ changes: (String, String)...) throws -> String {
        try lab.up()
        return try lab.inventory(
            name, [EndToEndLab.engineVRRPD, EndToEndLab.packagedHAProxy, EndToEndLab.withoutKeepalived] + changes)
    }

    /// What a table says by a verdict, a line each: host, check, what was found.
    private func lines(_ told: Told, _ verdict: String) -> [String] {
        told.all("check").filter { $0["verdict"].text == verdict }.map { check in
            "\(check["host"].text ?? "cluster") \(check["check"].text ?? ""): \(check["found"].text ?? "")"
        }
    }

    private func expect(_ told: Told, _ verdict: String, _ parts: String..., place: SourceLocation = #_sourceLocation) {
        let lines = lines(told, verdict)
        for part in parts {
            #expect(lines.contains { $0.contains(part) }, "no \(verdict) of \(part): \(told)", sourceLocation: place)
        }
    }

    /// keepalived and HAProxy of the distribution, configured by hand after the guide.
    private func buildByHand() throws {
        for host in balancers {
            let text = try #require(GuideConfiguration.preemptive[host])
            try lab.ask(
                host,
                """
                set -e
                export DEBIAN_FRONTEND=noninteractive
                apt-get -q update && apt-get -q -y --no-install-recommends install haproxy keepalived psmisc
                cat >/etc/haproxy/haproxy.cfg <<'END'
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 9s
                    timeout server 9s
                frontend web
                    bind *:80
                    default_backend app
                backend app
                    server app1 172.16.122.104:10900 check
                END
                cat >/etc/keepalived/keepalived.conf <<'END'
                \(text)
                END
                systemctl restart haproxy keepalived
                """)
        }
        try lab.settled()
    }

    @Test("A cluster that was set up by hand is looked at, with nothing of haprov there", .long)
    func byHand() throws {
        try lab.bare()
        try buildByHand()
        defer {
            for host in balancers {
                _ = try? lab.on(host, "apt-get -q -y purge haproxy keepalived; apt-get -q -y autoremove")
            }
        }
        let inventory = try lab.inventory("by-hand", EndToEndLab.packagedHAProxy, EndToEndLab.packagedKeepalived)
        let before = try lab.snapshots()
        let told = try lab.haprov("preflight", inventory: inventory)
        #expect(told.status == 0, "\(told)")
        expect(
            told, "pass", "haproxy1 VIP: held here: 172.16.122.100", "haproxy2 VIP: held by another balancer",
            "haproxy3 VRRP: heard haproxy1 (172.16.122.101): virtual router ID 51, priority 101, version 2")
        expect(told, "warn", "haproxy3 programs: /etc/haproxy/haproxy.cfg has what HAProxy serves there today")
        let status = try lab.haprov("status", inventory: inventory)
        #expect(status.status == 0, "\(status)")
        #expect(status.summary["holders"].list.map(\.text) == ["haproxy1"], "\(status)")
        #expect(
            status.all("host").allSatisfy { $0["services"]["keepalived"].text == "active" }, "\(status)")
        try lab.expectUnchanged(since: before)
        #expect(try balancers.map { try lab.on($0, "test -e /var/lib/haprov").status } == [1, 1, 1])
    }

    /// A sound cluster, then one fault after the other, each taken back.
    @Test func faultsAreNamedBeforeClientsMeetThem() throws {
        let inventory = try inventory()
        try lab.converged(inventory)
        let before = try lab.snapshots()
        let sound = try lab.haprov("preflight", inventory: inventory)
        #expect(sound.status == 0, "\(sound)")
        #expect(lines(sound, "warn") == [] && lines(sound, "fail") == [], "\(sound)")
        #expect(
            sound.summary["warnings"].number == 0 && sound.summary["failures"].number == 0
                && sound.summary["passed"].number == Double(lines(sound, "pass").count), "\(sound)")
        expect(
            sound, "pass", "haproxy2 VRRP: heard haproxy1 (172.16.122.101): virtual router ID 51, priority 101",
            "haproxy3 applications: all answer: app1 within", "haproxy1 ports: HAProxy has port 80",
            "cluster changes: every balancer is as the inventory says")
        try lab.expectUnchanged(since: before)

        try clockAndApplication(inventory)
        try wrongInterface()
        try vrrpOneWay(inventory)
        try foreignRouter(inventory)
        let again = try lab.haprov("preflight", inventory: inventory)
        #expect(again.status == 0 && lines(again, "warn") == [], "\(again)")
    }

    /// Five minutes off, by a `date` of the test's own; and an application that the holder alone reaches.
    private func clockAndApplication(_ inventory: String) throws {
        try lab.ask(
            "haproxy2",
            """
            cat >/usr/local/sbin/date <<'END'
            #!/bin/sh
            exec /bin/date -d '-5 minutes' "$@"
            END
            chmod +x /usr/local/sbin/date
            """)
        let cut = "ip daddr 172.16.122.104 tcp dport 10900 reject"
        for host in ["haproxy2", "haproxy3"] {
            try lab.ask(
                host,
                "nft add table ip t && nft 'add chain ip t c { type filter hook output priority 0; }' && nft add rule ip t c \(cut)"
            )
        }
        defer {
            _ = try? lab.on("haproxy2", "rm -f /usr/local/sbin/date")
            for host in ["haproxy2", "haproxy3"] { _ = try? lab.on(host, "nft delete table ip t") }
        }
        let told = try lab.haprov("preflight", inventory: inventory)
        #expect(told.status == 1, "\(told)")
        // A `date` that is told of minutes leaves fractions of a second out.
        expect(
            told, "warn", "haproxy2 clock: the clock is 30",
            "(5 min) behind those of haproxy1, haproxy3 and this machine")
        #expect(lines(told, "warn").count == 1, "\(told)")
        expect(
            told, "fail", "haproxy2 applications: application app1: nothing answers on 172.16.122.104:10900",
            "haproxy3 applications: application app1: nothing answers on 172.16.122.104:10900")
        expect(
            told, "note", "haproxy3 applications: app1 answers haproxy1: it runs, and something keeps haproxy3 from it")
        #expect(lines(told, "fail").count == 2, "\(told)")
    }

    private func wrongInterface() throws {
        let wrong = try inventory("wrong-interface", ("interface: ens33", "interface: ens34"))
        let told = try lab.haprov("preflight", inventory: wrong)
        #expect(told.status == 1, "\(told)")
        expect(told, "fail", "haproxy1 interface: there is no NIC ens34; there are ens33, lo")
    }

    /// What the holder sends is dropped as it leaves: it hears the others, and they do not hear it.
    private func vrrpOneWay(_ inventory: String) throws {
        try lab.ask(
            "haproxy1",
            """
            nft add table ip t && nft 'add chain ip t c { type filter hook output priority 0; }' && \
            nft add rule ip t c ip protocol 112 drop
            """)
        defer { _ = try? lab.on("haproxy1", "nft delete table ip t") }
        try lab.wait("a second balancer to take the VIP too") { try lab.holders().count > 1 }
        let told = try lab.haprov("preflight", inventory: inventory)
        expect(
            told, "warn", "haproxy1 filters: chain c of nftables' table ip t drops VRRP that leaves",
            "haproxy3 VRRP: no VRRP of haproxy1 arrives here, which holds 172.16.122.100",
            "haproxy1 VIP: held here, and by haproxy2")
        try lab.ask("haproxy1", "nft delete table ip t")
        try lab.settled()
    }

    /// One with our virtual router ID and a higher priority, on an application host.
    private func foreignRouter(_ inventory: String) throws {
        let beside = URL(fileURLWithPath: EndToEndLab.program).deletingLastPathComponent()
        let program =
            ProcessInfo.processInfo.environment["HAPROV_VRRPD"] ?? beside.appendingPathComponent("haprov-vrrpd").path
        try lab.send(program, to: "/run/stranger", on: "app3")
        try lab.ask(
            "app3",
            """
            set -e
            nic=$(ip -o -4 addr show | awk '/172.16.122.106/ { print $2 }')
            printf 'vrrp_instance OTHER {\\ninterface %s\\nvirtual_router_id 51\\npriority 200\\nadvert_int 1\\n' "$nic" >/run/stranger.conf
            printf 'virtual_ipaddress {\\n172.16.122.77/24\\n}\\n}\\n' >>/run/stranger.conf
            chmod +x /run/stranger
            systemd-run --quiet --unit=stranger /run/stranger run -f /run/stranger.conf --pid /run/stranger.pid \
                --socket /run/stranger.sock
            """)
        defer { _ = try? lab.on("app3", "systemctl stop stranger; rm -f /run/stranger*") }
        try lab.wait("the stranger to have its VIP") {
            try lab.on("app3", "ip -o -4 addr show | grep -qF 172.16.122.77").status == 0
        }
        let told = try lab.haprov("preflight", inventory: inventory)
        #expect(told.status == 1, "\(told)")
        expect(
            told, "fail", "cluster VRRP: 172.16.122.106 (",
            "which is none of the balancers, speaks VRRP with virtual router ID 51, which is this cluster's: priority 200"
        )
        try lab.ask("app3", "systemctl stop stranger; rm -f /run/stranger*")
        try lab.settled()
    }

    /// Before the cluster is set up nobody speaks; what passes is seen by what is sent.
    @Test(.long) func vrrpIsSentWhereNobodySpeaksYet() throws {
        let inventory = try inventory()
        try lab.bare()
        func send(_ arguments: String...) throws -> Told {
            try lab.haprov(["preflight", "--send-vrrp"] + arguments, inventory: inventory)
        }
        func filter(_ host: String, _ hook: String, _ rule: String) throws {
            try lab.ask(
                host,
                "nft add table ip t && nft 'add chain ip t c { type filter hook \(hook) priority 0; }' && nft add rule ip t c \(rule)"
            )
        }
        func open(_ host: String) throws { try lab.ask(host, "nft delete table ip t") }
        let before = try lab.snapshots()
        let asked = try send()
        expect(asked, "note", "cluster VRRP: it was not tried whether VRRP passes: nobody agreed to it")
        let sound = try send("--yes")
        #expect(sound.status == 0, "\(sound)")
        expect(
            sound, "pass",
            "cluster VRRP: VRRP passes between haproxy1, haproxy2 and haproxy3, each way (three advertisements")

        try filter("haproxy2", "input", "ip saddr 172.16.122.101 ip protocol 112 drop")
        defer { for host in balancers { _ = try? lab.on(host, "nft delete table ip t") } }
        let oneWay = try send("--yes")
        #expect(oneWay.status == 1, "\(oneWay)")
        #expect(lines(oneWay, "fail") == ["haproxy2 VRRP: VRRP from haproxy1 does not reach haproxy2"], "\(oneWay)")
        #expect(oneWay.failures.contains { $0.contains("| haproxy2 | VRRP | VRRP from haproxy1 does not reach") })
        try open("haproxy2")

        try filter("haproxy3", "output", "ip protocol 112 drop")
        let mute = try send("--yes")
        #expect(
            lines(mute, "fail")
                == ["haproxy1", "haproxy2"].map {
                    "\($0) VRRP: VRRP from haproxy3 does not reach \($0): it does not leave haproxy3 (Operation not permitted)"
                }, "\(mute)")
        try open("haproxy3")
        #expect(
            try lab.ask("haproxy1", "find /run /var/lib /usr/local -name '.haprov-bring*'; pgrep haprov || :") == "")
        try lab.expectUnchanged(since: before)

        try lab.converged(inventory)
        let running = try send("--yes")
        #expect(running.status == 0, "\(running)")
        expect(
            running, "note",
            "cluster VRRP: it was not tried whether VRRP passes: VRRP of this cluster runs on haproxy1, haproxy2, haproxy3"
        )
    }
}
