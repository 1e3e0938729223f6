/// A virtual router of one host, to be written as keepalived.conf.
struct Router {
    static let vip = "10.77.0.100"
    static let vip6 = "fd77::100"

    var priority: Int
    var version = 3
    var interval = "0.2"
    var state = "BACKUP"
    var virtualRouterID = 51
    var addresses = ["\(vip)/24"]
    var password: String?
    /// Lines of `global_defs`.
    var global: [String] = []
    /// Further lines of the instance.
    var lines: [String] = []

    /// The guide's kind.
    static func version2(_ priority: Int, password: String? = "1111222233334444") -> Router {
        Router(priority: priority, version: 2, interval: "1", password: password)
    }

    /// IPv6: its first address has to be a link-local one.
    static func version6(_ priority: Int) -> Router {
        Router(priority: priority, addresses: ["fe80::100/64", "\(vip6)/64"])
    }

    /// The address that tells who is master.
    var address: String { addresses.contains("\(Self.vip6)/64") ? Self.vip6 : Self.vip }

    var text: String {
        var authentication = ""
        if let password { authentication = "authentication {\n auth_type PASS\n auth_pass \(password)\n }" }
        return """
            global_defs {
                \(global.joined(separator: "\n    "))
            }
            vrrp_instance VI_1 {
                state \(state)
                interface eth0
                virtual_router_id \(virtualRouterID)
                priority \(priority)
                advert_int \(interval)
                version \(version)
                \(authentication)
                virtual_ipaddress {
                    \(addresses.joined(separator: "\n        "))
                }
                \(lines.joined(separator: "\n    "))
            }

            """
    }

    /// As FRR's configuration, for the same router.
    var frrText: String {
        let words = addresses.filter { !$0.hasPrefix("fe80") }.map { address in
            " vrrp \(virtualRouterID) \(address.contains(":") ? "ipv6" : "ip") \(address.prefix { $0 != "/" })"
        }
        let milliseconds = Int((Double(interval) ?? 1) * 1000)
        return """
            interface eth0
             vrrp \(virtualRouterID) version \(version)
             vrrp \(virtualRouterID) priority \(priority)
             vrrp \(virtualRouterID) advertisement-interval \(milliseconds)
            \(words.joined(separator: "\n"))

            """
    }
}
