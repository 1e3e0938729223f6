/// How a balancer stands before a drill, as `survey.sh` says it.
struct BalancerSurvey: Sendable, Equatable {
    /// A unit's properties by systemd's names.
    struct Unit: Sendable, Equatable {
        var properties: [String: String] = [:]

        subscript(name: String) -> String { properties[name] ?? "" }
        var isActive: Bool { self["ActiveState"] == "active" || self["ActiveState"] == "reloading" }
    }

    /// The last lines of a firewall's opinion on VRRP.
    enum Firewall: Sendable, Equatable {
        case open(zone: String)
        case closed(zone: String)
    }

    /// Why nothing could be found out.
    var broken: String?
    var haproxy = Unit()
    /// The program that speaks VRRP.
    var engine = Unit()
    /// The NIC that carries the VIP.
    var vipInterface: String?
    /// Conditions of HAProxy's unit that do not hold now, each with its file.
    var unmetConditions: [String] = []
    /// Files that a drill leaves while it runs.
    var remains: [String] = []
    /// Seconds until an earlier drill's timer gives HAProxy back.
    var armedSeconds: Int?
    /// Processes named haproxy outside the unit.
    var strays: [Int] = []
    /// What is wrong with HAProxy's configuration or binary; nil where it would start.
    var configurationFault: String?
    /// Nil where firewalld does not run or was not asked.
    var firewalld: Firewall?
    /// Rules of other filters that may drop VRRP.
    var filters: [String] = []
    /// Other balancers' addresses that do not answer a ping.
    var silentPeers: [String] = []
    /// The engine's last words.
    var log: [String] = []

    /// Reads the script's output; nil where it did not come to its end.
    init?(_ output: String) {
        var isWhole = false
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map { String($0) }
            let value = parts.count > 1 ? parts[1] : ""
            switch parts.first {
            case "end": isWhole = true
            case "broken":
                broken = value
                isWhole = true
            default: take(parts.first ?? "", value)
            }
        }
        if !isWhole { return nil }
    }

    private mutating func take(_ key: String, _ value: String) {
        let words = value.split(separator: " ").map { String($0) }
        switch key {
        case "vip": vipInterface = words.first == "held" && words.count > 1 ? words[1] : nil
        case "haproxy": Self.set(value, in: &haproxy)
        case "engine": Self.set(value, in: &engine)
        case "unmet": unmetConditions.append(value)
        case "remains": remains.append(value)
        case "armed": armedSeconds = Int(value)
        case "stray": if let process = Int(value) { strays.append(process) }
        case "config": if value != "ok" { configurationFault = value }
        case "firewalld":
            let zone = words.count > 1 ? words[1] : "?"
            firewalld = words.first == "open" ? .open(zone: zone) : .closed(zone: zone)
        case "filter": filters.append(value)
        case "peer": if words.last == "no" { silentPeers.append(words[0]) }
        case "log": log.append(value)
        default: break
        }
    }

    private static func set(_ line: String, in unit: inout Unit) {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { unit.properties[String(parts[0])] = String(parts[1]) }
    }
}
