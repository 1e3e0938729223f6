import Testing
import VRRP

@Suite("keepalived.conf is read") struct ReaderTests {
    /// What haprov's own template makes for the guide's cluster.
    static let guide = """
        ! Written by haprov: a change made here is found by `haprov plan` and undone by the next `haprov apply`.
        global_defs {
            router_id haproxy1
            script_user root
            enable_script_security
        }

        vrrp_script chk_haproxy {
            script "/usr/bin/killall -0 haproxy"
            interval 2
        }

        vrrp_instance VI_1 {
            state MASTER
            interface ens33
            virtual_router_id 51
            priority 101
            advert_int 1
            authentication {
                auth_type PASS
                auth_pass c9d5c5b4
            }
            virtual_ipaddress {
                172.16.122.100/24
            }
            track_script {
                chk_haproxy
            }
        }

        """

    static func read(_ text: String) -> ConfigurationReader.Result {
        ConfigurationReader.read(ConfigurationReader.Source(file: "keepalived.conf", text: text))
    }

    @Test func theGuidesConfigurationIsUnderstoodWhole() throws {
        let result = Self.read(Self.guide)
        #expect(result.diagnostics == [])
        var expected = KeepalivedConfiguration()
        expected.global.routerID = "haproxy1"
        expected.global.scriptUser = ScriptUser(user: "root")
        expected.global.enablesScriptSecurity = true
        var script = ScriptDefinition(name: "chk_haproxy", command: ["/usr/bin/killall", "-0", "haproxy"])
        script.interval = .seconds(2)
        expected.scripts = [script]
        var instance = InstanceDefinition(name: "VI_1")
        instance.startsAsMaster = true
        instance.interface = "ens33"
        instance.virtualRouterID = 51
        instance.priority = 101
        instance.advertisementInterval = .seconds(1)
        instance.authentication = AuthenticationDefinition(password: "c9d5c5b4")
        instance.addresses = [AddressDefinition(address: .v4(0xAC10_7A64), prefixLength: 24)]
        instance.trackedScripts = [TrackReference(name: "chk_haproxy")]
        expected.instances = [instance]
        #expect(result.configuration == expected)
    }

    @Test func whatIsLeftOutIsAsKeepalivedHasIt() throws {
        let router = try #require(Self.read(Self.guide).configuration.electionSettings.routers.first)
        #expect(router.version == .v2)
        #expect(router.family == .ipv4)
        #expect(router.preempt)
        #expect(router.authentication == .simple(Password("c9d5c5b4")))
        #expect(router.announcements.count == 5)
        #expect(router.tracked == [TrackedItem(target: .script("chk_haproxy"))])
        #expect(
            router.addresses == [VirtualAddress(address: .v4(0xAC10_7A64), prefixLength: 24, interface: "ens33")])
    }

    @Test func bracesCommentsAndQuotesMayStandAnywhere() {
        let text = """
            global_defs # of this host
            {
              router_id "a b" ! said twice
            }
            vrrp_script chk { script "/bin/true arg"
              weight -20 reverse }
            vrrp_instance "one two"{
            \tinterface eth0;
            }
            """
        let result = Self.read(text.replacing(";", with: ""))
        #expect(result.configuration.global.routerID == "a b")
        #expect(result.configuration.scripts.first?.command == ["/bin/true", "arg"])
        #expect(result.configuration.scripts.first?.weight == -20)
        #expect(result.configuration.scripts.first?.isReversed == true)
        #expect(result.configuration.instances.first?.name == "one two")
        #expect(result.configuration.instances.first?.interface == "eth0")
    }

    @Test func includedFilesStandWhereTheyAreNamed() {
        let result = ConfigurationReader.read(
            ConfigurationReader.Source(file: "main", text: "include parts/*.conf\ninclude main\n"),
            include: { pattern, _ in
                pattern == "main"
                    ? [ConfigurationReader.Source(file: "main", text: "")]
                    : [ConfigurationReader.Source(file: "parts/a.conf", text: Self.guide + "what\n")]
            })
        #expect(result.configuration.instances.map(\.name) == ["VI_1"])
        #expect(
            result.diagnostics.map(\.description) == [
                "main:2:9: error: main includes itself",
                "parts/a.conf:30:1: warning: unknown keyword `what` in the configuration is ignored; remove it",
            ])
    }

    @Test func ipv6IsVersionThreeUnlessItSaysOtherwise() throws {
        let text = """
            vrrp_instance six {
                interface eth0
                virtual_router_id 1
                advert_int 0.05
                virtual_ipaddress {
                    2001:db8::1/64 dev eth1
                }
            }
            """
        let result = Self.read(text)
        #expect(result.diagnostics == [])
        let router = try #require(result.configuration.electionSettings.routers.first)
        #expect(router.version == .v3)
        #expect(router.family == .ipv6)
        #expect(router.advertisementInterval == .milliseconds(50))
        #expect(router.addresses.first?.interface == "eth1")
    }

    @Test func whatIsWrittenReadsBackTheSame() {
        let configuration = Self.read(Self.guide).configuration
        #expect(Self.read(configuration.text).configuration == configuration)
    }

    @Test(arguments: [
        (["killall", "-0", "haproxy"], CheckCommand.process(name: "haproxy")),
        (["/usr/bin/killall", "-0", "haproxy"], .process(name: "haproxy")),
        (["pidof", "haproxy"], .process(name: "haproxy")),
        (["pgrep", "-x", "haproxy"], .process(name: "haproxy")),
        (["pkill", "-0", "-F", "/run/haproxy.pid"], .pidFile("/run/haproxy.pid")),
        (["/bin/sh", "-c", "kill -0 $(cat /run/haproxy.pid)"], .pidFile("/run/haproxy.pid")),
        (["sh", "-c", "kill -0 `cat /run/haproxy.pid`"], .pidFile("/run/haproxy.pid")),
        (["sh", "-c", "killall -0 haproxy"], .process(name: "haproxy")),
        (["bash", "-c", " kill -0 \"$(< /run/haproxy.pid)\" "], .pidFile("/run/haproxy.pid")),
        (["haprov-vrrpd", "check", "stats", "/run/a.sock"], .statsSocket("/run/a.sock")),
        (
            ["/usr/sbin/haprov-vrrpd", "check", "http", "http://127.0.0.1:8080/up?x"],
            .http(address: .v4(0x7F00_0001), port: 8080, host: "127.0.0.1:8080", path: "/up?x")
        ),
        (
            ["haprov-vrrpd", "check", "http", "http://[::1]"],
            .http(address: .v6(0, 1), port: 80, host: "[::1]", path: "/")
        ),
    ]) func aCommandThatTheDaemonCanAnswerIsRecognised(_ words: [String], _ expected: CheckCommand) {
        #expect(CheckCommand(words) == expected)
    }

    @Test(arguments: [
        ["killall", "-0", "haproxy", "nginx"], ["killall", "haproxy"], ["killall", "-9", "haproxy"],
        ["pgrep", "haproxy"], ["sh", "-c", "killall -0 haproxy && echo up"], ["sh", "-c", "killall -0 $NAME"],
        ["sh", "-c", "kill -0 $(cat /run/*.pid)"], ["haprov-vrrpd", "check", "http", "http://localhost/"],
        ["haprov-vrrpd", "check", "http", "https://127.0.0.1/"], ["/etc/keepalived/chk_haproxy.sh"],
        ["kill", "-0", "$(cat", "/run/haproxy.pid)"], ["sh", "-c", "kill -0 '$(cat /run/haproxy.pid)'"],
        ["sh", "-c", "kill -0 $(</run/haproxy.pid)"], ["sh", "-c", "sh -c 'killall -0 haproxy'"],
        ["sh", "-c", "killall -0 haproxy", "x"], ["pgrep", "-x", "hap.oxy"], ["pgrep", "-x", "/usr/sbin/haproxy"],
        ["killall", "-0", "-u"], ["killall", "-0", "hap*"], ["killall", "-0"], ["pidof", ""], [],
        ["sh", "-c", "! pidof haproxy"], ["sh", "-c", "pidof haproxy; true"], ["pkill", "-0", "-F", "haproxy.pid"],
        ["haprov-vrrpd", "check", "stats", "haproxy.sock"], ["haprov-vrrpd", "check", "http", "http://127.0.0.1:0/"],
    ]) func anyOtherCommandIsRun(_ words: [String]) {
        #expect(CheckCommand(words) == .command(words))
    }
}
