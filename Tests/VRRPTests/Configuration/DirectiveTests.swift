import Testing

@testable import VRRP

@Suite("What one keepalived.conf has and another lacks")
struct DirectiveTests {
    private func dropped(_ old: String, _ new: String = DirectiveTests.rendered, drop: [String] = []) -> [String] {
        ConfigurationReader.dropped(
            from: .init(file: "keepalived.conf", text: old), by: .init(file: "keepalived.conf", text: new), drop: drop
        ).map(\.name)
    }

    private static let rendered = """
        global_defs {
            router_id one
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
            virtual_ipaddress {
                172.16.122.100/24
            }
            track_script {
                chk_haproxy
                chk_move_VI_1
            }
        }
        """

    /// As the guide has it, under other names.
    private func found(global: String = "", script: String = "", instance: String = "", entry: String = "") -> String {
        """
        global_defs {
            router_id LVS_DEVEL # a name
            \(global)
        }
        vrrp_script check {
            script "killall -0 haproxy"
            interval 2
            \(script)
        }
        vrrp_instance web {
            state BACKUP
            interface ens33
            virtual_router_id 51
            priority 100
            virtual_ipaddress {
                172.16.122.100 \(entry)
            }
            track_script {
                check
            }
            \(instance)
        }
        """
    }

    @Test("Other values, names of instances and of the check, and what holds anyway lose nothing")
    func nothing() {
        #expect(dropped(found()) == [])
        #expect(dropped(found(script: "rise 1\n    fall 1\n    weight 0\n    timeout 3")) == [])
        #expect(dropped(found(global: "vrrp_version 2", instance: "version 2", entry: "dev ens33")) == [])
    }

    @Test("What is lost is named by the blocks that it stands in")
    func lost() {
        #expect(dropped(found(global: "smtp_server 127.0.0.1")) == ["global_defs smtp_server"])
        #expect(dropped(found(script: "weight -20")) == ["vrrp_script check weight"])
        #expect(
            dropped(found(instance: "nopreempt\n    notify_master \"/opt/n.sh web\"")) == [
                "vrrp_instance web nopreempt", "vrrp_instance web notify_master",
            ])
        #expect(
            dropped(found(entry: "dev ens33 label ens33:1\n        172.16.122.99/24")) == [
                "vrrp_instance web virtual_ipaddress 172.16.122.100 label",
                "vrrp_instance web virtual_ipaddress 172.16.122.99",
            ])
        #expect(
            dropped(found(instance: "virtual_routes {\n 10.0.0.0/8 via 172.16.122.1\n 10.1.0.0/16 via 172.16.122.1\n}"))
                == ["vrrp_instance web virtual_routes"], "a block that goes as a whole is told of once")
        #expect(dropped(found() + "\nvirtual_server 10.0.0.1 80 {\n  lb_algo rr\n}") == ["virtual_server 10.0.0.1 80"])
        #expect(
            dropped(found() + "\ninclude /etc/keepalived/conf.d/*.conf") == ["include /etc/keepalived/conf.d/*.conf"])
        #expect(
            dropped(found().replacing("virtual_router_id 51", with: "virtual_router_id 52")) == ["vrrp_instance web"],
            "an instance is known by its number")
    }

    @Test(
        "What is kept, or said to go, is not lost",
        arguments: [
            "global_defs smtp_server", "smtp_server", "global_defs",
        ])
    func drop(name: String) {
        #expect(dropped(found(global: "smtp_server 127.0.0.1"), drop: [name]) == [])
        #expect(dropped(found(global: "smtp_server 127.0.0.1"), drop: ["smtp"]) == ["global_defs smtp_server"])
    }

    @Test func kept() {
        let old = found(global: "smtp_server 127.0.0.1")
        #expect(
            dropped(old, Self.rendered.replacing("router_id one", with: "router_id one\nsmtp_server 10.0.0.1")) == [])
    }

    @Test("A check that is none of haprov's is named with all that tracks it")
    func otherCheck() {
        let old = found().replacing("killall -0 haproxy", with: "/opt/check.sh")
        #expect(
            dropped(old) == ["vrrp_script check", "vrrp_instance web track_script check"])
    }

    @Test("Lines are told, and values are not part of names")
    func places() {
        let found = ConfigurationReader.dropped(
            from: .init(file: "keepalived.conf", text: "global_defs {\n  smtp_server secret\n}"),
            by: .init(file: "keepalived.conf", text: Self.rendered), drop: [])
        #expect(found.map(\.line) == [2])
        #expect(!found[0].name.contains("secret"))
    }
}
