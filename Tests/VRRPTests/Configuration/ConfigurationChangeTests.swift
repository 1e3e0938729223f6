import Testing

@testable import VRRP

@Suite("What a change of keepalived.conf means") struct ConfigurationChangeTests {
    private static let guide = ReaderTests.guide
    private static let unicast = guide.replacing(
        "    authentication {",
        with: """
                unicast_src_ip 172.16.122.101
                unicast_peer {
                    172.16.122.102
                    172.16.122.103
                }
                authentication {
            """)
    private static let third = guide.replacing("    advert_int 1\n", with: "    version 3\n    advert_int 0.5\n")
        .replacing("        auth_type PASS\n        auth_pass c9d5c5b4\n", with: "")

    private static func change(_ old: String, _ pairs: [(String, String)]) throws -> ConfigurationChange {
        var new = old
        for (text, other) in pairs {
            try #require(new.contains(text), "nothing to replace")
            new = new.replacing(text, with: other)
        }
        return ConfigurationChange(from: old, to: new)
    }

    @Test(
        "routers that keep something else to themselves hear each other",
        arguments: [
            ("priority 101", "priority 99"), ("state MASTER", "state BACKUP"), ("router_id haproxy1", "router_id lb1"),
            ("172.16.122.100/24", "172.16.122.100/32"), ("172.16.122.100/24", "172.16.122.100"),
            ("172.16.122.100/24", "172.16.122.100/24 label ens33:1"), ("chk_haproxy", "alive"), ("VI_1", "WEB"),
            ("    priority 101\n", "    priority 101\n    nopreempt\n"), ("interval 2", "interval 5"),
            ("advert_int 1", "advert_int 1.0"), ("auth_pass c9d5c5b4", "auth_pass c9d5c5b4andmore"),
            ("! Written by haprov", "# Written by somebody"), ("    track_script {\n        chk_haproxy\n    }\n", ""),
        ])
    func heard(text: String, other: String) throws {
        #expect(try !Self.change(Self.guide, [(text, other)]).speaksDifferently)
    }

    @Test(
        "routers that do not hear each other",
        arguments: [
            ("virtual_router_id 51", "virtual_router_id 52"), ("advert_int 1", "advert_int 2"),
            ("interface ens33", "interface ens34"), ("172.16.122.100/24", "172.16.122.110/24"),
            ("172.16.122.100/24", "172.16.122.100/24\n        172.16.122.110/24"),
            ("auth_pass c9d5c5b4", "auth_pass c9d5c5b5"),
            ("    priority 101\n", "    priority 101\n    version 3\n"),
            ("    priority 101\n", "    priority 101\n    mcast_dst_ip 224.0.0.19\n"),
            ("    router_id haproxy1\n", "    vrrp_mcast_group4 224.0.0.19\n"),
            ("    authentication {", "    unicast_peer {\n        172.16.122.102\n    }\n    authentication {"),
        ])
    func unheard(text: String, other: String) throws {
        #expect(try Self.change(Self.guide, [(text, other)]).speaksDifferently)
    }

    @Test func passwordsOfAnotherLengthOrNoneDiffer() throws {
        let none = Self.guide.replacing(
            "    authentication {\n        auth_type PASS\n        auth_pass c9d5c5b4\n    }\n", with: "")
        #expect(none != Self.guide && ConfigurationChange(from: Self.guide, to: none).speaksDifferently)
        #expect(try Self.change(Self.guide, [("c9d5c5b4", "c9d5c5b")]).speaksDifferently)
    }

    @Test func unicastIsHeardByThosePeersAlone() throws {
        #expect(try !Self.change(Self.unicast, [("src_ip 172.16.122.101", "src_ip 172.16.122.111")]).speaksDifferently)
        #expect(try Self.change(Self.unicast, [("122.103", "122.104")]).speaksDifferently)
        let swapped = try Self.change(
            Self.unicast, [("122.103", "122.1"), ("122.102", "122.103"), ("122.1\n", "122.102\n")])
        #expect(!swapped.speaksDifferently && !swapped.mattersToFailover, "their order does not matter")
        #expect(
            try Self.change(Self.unicast, [("unicast_peer", "check_unicast_src\n    unicast_peer")]).speaksDifferently)
        // Nobody speaks to a group here.
        #expect(
            try !Self.change(Self.unicast, [("    router_id haproxy1\n", "    vrrp_mcast_group4 224.0.0.19\n")])
                .speaksDifferently)
    }

    @Test func version3HasSettingsOfItsOwn() throws {
        #expect(try Self.change(Self.third, [("advert_int 0.5", "advert_int 0.25")]).speaksDifferently)
        #expect(try Self.change(Self.third, [("version 3", "version 3\n    v3_checksum_as_v2")]).speaksDifferently)
        #expect(try Self.change(Self.third, [("version 3\n    advert_int 0.5", "advert_int 1")]).speaksDifferently)
    }

    @Test func severalRoutersAreComparedWithoutRegardToTheirOrder() {
        let web = Self.guide
        let api =
            "vrrp_instance API {\n interface ens33\n virtual_router_id 52\n virtual_ipaddress {\n 172.16.122.110/24\n }\n}\n"
        #expect(!ConfigurationChange(from: web + api, to: api + web).speaksDifferently)
    }

    @Test func aRouterMoreOrLessIsInNobodysWayUnlessItHasAnothersAddress() {
        func api(_ number: Int, _ address: String = "172.16.122.110") -> String {
            "vrrp_instance API {\n interface ens33\n virtual_router_id \(number)\n virtual_ipaddress {\n \(address)/24\n }\n}\n"
        }
        let web = Self.guide
        #expect(!ConfigurationChange(from: web, to: web + api(52)).speaksDifferently)
        #expect(ConfigurationChange(from: web, to: web + api(52)).mattersToFailover)
        #expect(!ConfigurationChange(from: web + api(52), to: web).speaksDifferently)
        #expect(ConfigurationChange(from: web + api(52), to: web + api(53)).speaksDifferently)
        #expect(ConfigurationChange(from: web, to: api(52, "172.16.122.100")).speaksDifferently)
        let six = api(51, "2001:db8::100").replacing(" virtual_router_id", with: " version 3\n virtual_router_id")
        #expect(!ConfigurationChange(from: web, to: web + six).speaksDifferently)
    }

    @Test(
        "what cannot be read, or is not whole, differs unless its lines are the same",
        arguments: [
            "$VIP=172.16.122.100\n", "include /etc/keepalived/conf.d/*.conf\n", "vrrp_instance {\n", "@one router\n",
        ])
    func unread(line: String) throws {
        let text = Self.guide + line
        #expect(!ConfigurationChange(from: text, to: text).speaksDifferently)
        #expect(!ConfigurationChange(from: text, to: text).mattersToFailover)
        #expect(ConfigurationChange(from: Self.guide, to: text).speaksDifferently)
        #expect(ConfigurationChange(from: text, to: Self.guide).speaksDifferently)
        let own = try Self.change(text, [("priority 101", "priority 99"), ("! Written", "# Written")])
        #expect(!own.speaksDifferently && own.mattersToFailover)
        let password = try Self.change(text, [("c9d5c5b4", "\"c9#5c5b4\"")])
        let other = try Self.change(text, [("c9d5c5b4", "\"c9#5c5b5\"")])
        #expect(password.speaksDifferently && other.speaksDifferently)
        #expect(try Self.change(text, [("/24", "/32")]).speaksDifferently)
        #expect(try !Self.change(text, [("router_id haproxy1", "router_id lb1")]).mattersToFailover)
    }

    @Test func aRouterThatWasNotThereSpeaksDifferently() {
        #expect(ConfigurationChange(from: "", to: Self.guide).speaksDifferently)
        #expect(ConfigurationChange(from: "", to: Self.guide).mattersToFailover)
    }

    @Test(
        "what cannot matter to a failover",
        arguments: [
            ("router_id haproxy1", "router_id lb1"), ("! Written by haprov", "# Written by somebody"),
            ("advert_int 1\n", "advert_int 1.0\n"), ("    priority 101\n", "\n    priority   101\n"),
        ])
    func immaterial(text: String, other: String) throws {
        #expect(try !Self.change(Self.guide, [(text, other)]).mattersToFailover)
    }

    @Test(
        "what may matter to a failover",
        arguments: [
            ("priority 101", "priority 99"), ("172.16.122.100/24", "172.16.122.100/32"), ("interval 2", "interval 5"),
            ("-0 haproxy", "-0 nginx"), ("    track_script {\n        chk_haproxy\n    }\n", ""),
            ("    priority 101\n", "    priority 101\n    nopreempt\n"), ("script_user root", "script_user nobody"),
            ("virtual_router_id 51", "virtual_router_id 52"), ("state MASTER", "state BACKUP"),
        ])
    func material(text: String, other: String) throws {
        #expect(try Self.change(Self.guide, [(text, other)]).mattersToFailover)
    }

    @Test func aFurtherPeerDoesNotMatterToAFailover() throws {
        let added = try Self.change(Self.unicast, [("172.16.122.103\n", "172.16.122.103\n        172.16.122.104\n")])
        #expect(!added.mattersToFailover)
        #expect(try Self.change(Self.unicast, [("        172.16.122.103\n", "")]).mattersToFailover)
        #expect(ConfigurationChange(from: Self.guide, to: Self.unicast).mattersToFailover)
    }
}
