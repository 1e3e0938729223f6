/// The keys of the inventory, section by section.
enum InventoryKeys {
    static let root = [
        "cluster", "engine", "ssh", "vip", "health_check", "packages", "allow_upgrades", "build_host", "haproxy",
        "keepalived", "hosts", "limits",
    ]
    static let ssh = ["user", "port", "identity", "known_hosts", "passphrase_env", "password"]
    static let vip = [
        "address", "interface", "virtual_router_id", "version", "advert_int", "preempt", "unicast", "password",
    ]
    static let haproxy = ["version", "prefix", "frontends", "backends"]
    static let frontend = ["bind", "mode", "backend"]
    static let backend = ["servers", "port", "balance", "mode"]
    static let keepalived = ["version", "prefix"]
    static let host = ["address", "role", "priority", "interface", "ssh"]
    static let limits = ["vip_moved", "client_gap"]

    /// Where a key belongs that was found in another section, for those that belong in one section only.
    static let homes: [String: String] = {
        var homes: [String: [String]] = [:]
        for (section, keys) in [
            ("ssh", ssh), ("vip", vip), ("haproxy", haproxy), ("haproxy.frontends.NAME", frontend),
            ("haproxy.backends.NAME", backend), ("hosts.NAME", host), ("limits", limits),
        ] {
            for key in keys { homes[key, default: []].append(section) }
        }
        var single = homes.compactMapValues { $0.count == 1 ? $0.first : nil }
        for key in root { single[key] = "the top level" }
        return single
    }()
}
