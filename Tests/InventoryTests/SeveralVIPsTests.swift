import Testing
import VRRP

@testable import Inventory

@Suite("Several VIPs in an inventory")
struct SeveralVIPsTests {
    static let several = """
        cluster: web
        vrrp: { interface: ens33 }
        vips:
          web: { addresses: [172.16.122.100/24, "2001:db8::100/64"], virtual_router_id: 51, prefer: [one, two, six] }
          api: { addresses: [172.16.122.110/24], virtual_router_id: 52, prefer: [two, six, one] }
        haproxy:
          version: 1.8.25
          frontends: { web: { bind: "*:80", backend: app } }
          backends: { app: { servers: application, port: 10900 } }
        keepalived: { version: 1.4.5 }
        hosts:
          one: { address: 172.16.122.101, role: balancer }
          two: { address: 172.16.122.102, role: balancer }
          six: { address: 172.16.122.103, role: balancer }
          app1: { address: 172.16.122.104, role: application }
          app2: { address: 172.16.122.105, role: application }
        """

    @Test func instances() throws {
        let reading = read(Self.several)
        #expect(reading.diagnostics == [])
        let cluster = try #require(reading.cluster)
        #expect(cluster.instances.map(\.name) == ["web", "web_6", "api"])
        #expect(cluster.instances.map(\.description) == ["172.16.122.100", "2001:db8::100", "172.16.122.110"])
        #expect(cluster.instances.allSatisfy { $0.version == .v3 && $0.interface == "ens33" && $0.preempt })
        #expect(
            cluster.instances[0].members == [
                .init(host: "one", priority: 240), .init(host: "two", priority: 220), .init(host: "six", priority: 200),
            ])
        #expect(cluster.instances[1].members == cluster.instances[0].members)
        #expect(cluster.instances[2].preference.map(\.host) == ["two", "six", "one"])
        #expect(cluster.syncGroups.map(\.name) == ["web"])
        #expect(cluster.instancesByVIP.map(\.count) == [2, 1])
        #expect(cluster.balancers.map(\.name) == ["one", "two", "six"])
    }

    @Test("An entry may say otherwise, but for the version") func ownSettings() throws {
        let text = try inventory(
            "vrrp: { interface: ens33 }", "vrrp: { interface: ens33, version: 3, advert_int: 100ms, preempt: false }",
            in: Self.several)
        let own = try inventory(
            "prefer: [two", "advert_int: 2s, preempt: true, interface: ens34, prefer: [two", in: text)
        let cluster = try #require(read(own).cluster, "\(messages(own))")
        #expect(
            cluster.instances.map(\.advertisementInterval) == [.milliseconds(100), .milliseconds(100), .seconds(2)])
        #expect(cluster.instances.map(\.preempt) == [false, false, true])
        let host = try #require(cluster.balancers.first)
        #expect(cluster.instances.map { $0.interface(on: host) } == ["ens33", "ens33", "ens34"])
        #expect(cluster.interfaces(of: host) == ["ens33", "ens34"])
    }

    @Test("One may be put between two, and another at the end, and no number changes") func spaced() {
        let three = Draft.VIPDraft.priorities(of: ["a", "b", "c"])
        let four = Draft.VIPDraft.priorities(of: ["a", "b", "c", "d"])
        #expect(four.prefix(3).map(\.priority) == three.map(\.priority))
        #expect(zip(four, four.dropFirst()).allSatisfy { $0.priority > $1.priority + 1 })
        let many = Draft.VIPDraft.priorities(of: (1...240).map { "\($0)" }).map(\.priority)
        #expect(Set(many).count == 240 && many.max() == 240 && many.min() == 1)
    }

    @Test(
        "What is wrong is told where it stands",
        arguments: [
            (
                "vips:\n", "vip: { address: 172.16.122.100/24, interface: ens33, virtual_router_id: 51 }\nvips:\n",
                "the inventory has both `vip` and `vips`"
            ),
            (
                "role: balancer }\n  two", "role: balancer, priority: 9 }\n  two",
                "`hosts.one.priority` is given, and with `vips` each VIP says itself who is to hold it"
            ),
            ("prefer: [one, two, six]", "prefer: [one, two]", "`vips.web.prefer` lacks six"),
            ("prefer: [one, two, six]", "prefer: [one, two, six, one]", "`vips.web.prefer` names one twice"),
            (
                "prefer: [one, two, six]", "prefer: [one, two, six, app1]",
                "`vips.web.prefer` names app1, which is no balancer"
            ),
            (
                "prefer: [one, two, six]", "prefer: [one, two, sixx]",
                "`vips.web.prefer` names `sixx`, which is not among the hosts"
            ),
            (", prefer: [one, two, six]", "", "`vips.web` lacks `prefer`"),
            (
                "prefer: [one, two, six]", "prefer: [one, two, six], priorities: { one: 3 }",
                "`vips.web` has both `prefer` and `priorities`"
            ),
            (
                "prefer: [one, two, six]", "priorities: { one: 3, two: 3, six: 1 }",
                "two has the priority of one, 3, for web"
            ),
            (
                "prefer: [one, two, six]", "priorities: { one: 255, two: 3, six: 1 }",
                "`vips.web.priorities.one` has to be a whole number from 1 to 254; found `255`"
            ),
            (
                "vrrp: { interface: ens33 }", "vrrp: { interface: ens33, version: 2 }",
                "`vrrp.version` is 2, which has no IPv6, and web has 2001:db8::100"
            ),
            (
                "vrrp: { interface: ens33 }", "vrrp: { interface: ens33, password: x }",
                "VRRP version 3 has no password (RFC 5798 dropped authentication)"
            ),
            (
                "vrrp: { interface: ens33 }", "vrrp: { interface: ens33, unicast: true }",
                "web has 2001:db8::100 and speaks by unicast, and the inventory knows its hosts by IPv4 alone"
            ),
            ("vrrp: { interface: ens33 }", "vrrp: { preempt: true }", "`vips.web` lacks `interface`"),
            ("virtual_router_id: 52", "virtual_router_id: 51", "web and api have the virtual router ID 51"),
            ("virtual_router_id: 52", "virtual_router_id: 52, version: 2", "api speaks VRRP 2, and web VRRP 3"),
            ("172.16.122.110/24", "172.16.122.100/24", "web and api both have 172.16.122.100"),
            (
                "172.16.122.110/24", "172.16.122.110",
                "`vips.api.addresses` is `172.16.122.110`, without a prefix length"
            ),
            ("172.16.122.110/24", "\"2001:db8::/64\"", "the VIP 2001:db8:: is the network address of 2001:db8::/64"),
            ("172.16.122.110/24", "\"::1/128\"", "`vips.api.addresses` is ::1, which no host can have"),
            (
                "172.16.122.110/24", "\"fe80::1/129\"",
                "the prefix length in `vips.api.addresses` is `129`; expected 1 to 32, or to 128 of IPv6"
            ),
            ("[172.16.122.110/24]", "[]", "`vips.api.addresses` is empty"),
            (
                "172.16.122.110/24", "172.16.123.110/24",
                "the VIP 172.16.123.110/24 is outside the subnet of the balancers (one has 172.16.122.101)"
            ),
            ("  api:", "  web_6:", "`web_6` is what the IPv6 addresses of web are called in keepalived.conf"),
            (
                "virtual_router_id: 52", "virtual_router_id: 52, sync_group: web",
                "`web` is the name of a group and of a VIP of both families, whose addresses are a group of that name"
            ),
            (
                "bind: \"*:80\"", "bind: \"172.16.122.1:80\"",
                "the frontend web binds 172.16.122.1, which is neither `*` nor a VIP (172.16.122.100, 2001:db8::100, 172.16.122.110)"
            ),
        ])
    func wrong(old: String, new: String, message: String) throws {
        let text = try inventory(old, new, in: Self.several)
        let told = read(text)
        #expect(told.cluster == nil)
        #expect(told.diagnostics.contains { $0.severity == .error && $0.message == message }, "\(messages(text))")
        #expect(told.diagnostics.allSatisfy { $0.line > 1 || message.contains("has both") }, "\(messages(text))")
    }

    @Test("VIPs that move together prefer the same balancers") func groups() throws {
        let text = try inventory("prefer: [one", "sync_group: g, prefer: [one", in: Self.several)
        let both = try inventory("prefer: [two", "sync_group: g, prefer: [two", in: text)
        #expect(
            messages(both).contains { $0.contains("do not prefer the same balancers: one, two, six and two, six, one") }
        )
        let same = try inventory("[two, six, one]", "[one, two, six]", in: both)
        #expect(try #require(read(same).cluster).syncGroups.map(\.instances.count) == [3])
        let uneven = try inventory(
            "sync_group: g, prefer: [one, two, six] }\nhaproxy",
            "sync_group: g, preempt: false, prefer: [one, two, six] }\nhaproxy", in: same)
        #expect(messages(uneven).contains { $0.contains("only one of them preempts") })
    }

    @Test("What is said for all VIPs holds for the one, too") func shared() throws {
        let text = try inventory("vip:\n", "vrrp: { advert_int: 3s, preempt: false }\nvip:\n", in: valid)
        let instance = try #require(read(text).cluster?.instances.first)
        #expect(instance.advertisementInterval == .seconds(3) && !instance.preempt)
        #expect(instance.name == "VI_1" && instance.syncGroup == nil)
    }
}
