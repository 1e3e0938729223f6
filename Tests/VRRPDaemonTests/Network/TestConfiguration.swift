/// A keepalived.conf with one instance.
struct TestConfiguration {
    /// As the guide has it.
    static func guide(priority: Int, password: String = "guide") -> TestConfiguration {
        TestConfiguration(priority: priority, password: password, version: 2, interval: "1")
    }

    var priority = 100
    var name = "web"
    var interface = "eth0"
    var virtualRouterID = 51
    var addresses = ["10.9.0.100/24"]
    /// Version 2 only.
    var password: String?
    /// 2 or 3.
    var version = 3
    /// Short, so that tests wait less; long enough for a busy machine.
    var interval = "0.5"
    var source: String?
    var peers: [String] = []
    var more = ""

    var text: String {
        """
        vrrp_instance \(name) {
            state BACKUP
            interface \(interface)
            virtual_router_id \(virtualRouterID)
            priority \(priority)
            version \(version)
            advert_int \(interval)
            \(password.map { "authentication {\n        auth_type PASS\n        auth_pass \($0)\n    }" } ?? "")
            \(source.map { "unicast_src_ip \($0)" } ?? "")
            \(peers.isEmpty ? "" : "unicast_peer {\n\(peers.joined(separator: "\n"))\n}")
            virtual_ipaddress {
                \(addresses.joined(separator: "\n        "))
            }
            \(more)
        }
        """
    }
}
