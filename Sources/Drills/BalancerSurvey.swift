import HostShell

/// How a balancer stands before a drill, as `survey.sh` says it.
struct BalancerSurvey: Sendable, Equatable {
    /// A unit's properties by systemd's names.
    struct Unit: Sendable, Equatable {
        var properties: [String: String] = [:]
        /// Conditions that do not hold now, so that it would not start, each with its file.
        var unmetConditions: [String] = []

        subscript(name: String) -> String { properties[name] ?? "" }
        var isActive: Bool { self["ActiveState"] == "active" || self["ActiveState"] == "reloading" }

        mutating func take(_ line: String) {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { properties[String(parts[0])] = String(parts[1]) }
        }
    }

    /// The last lines of a firewall's opinion on VRRP.
    enum Firewall: Sendable, Equatable {
        case open(zone: String)
        case closed(zone: String)
    }

    /// A timer of an earlier drill.
    struct Armed: Sendable, Equatable {
        /// Until it gives back what was broken.
        var seconds: Int
        /// What that is.
        var subject: String
    }

    /// Why nothing could be found out.
    var broken: String?
    var haproxy = Unit()
    /// The program that speaks VRRP.
    var engine = Unit()
    /// The NIC that carries the VIP.
    var vipInterface: String?
    /// Files that a drill leaves while it runs.
    var remains: [String] = []
    var armed: Armed?
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

    /// Reads the script's records; nil where it did not come to its end.
    init?(_ records: [Record]) {
        guard let last = records.last, last.word == "end" || last.word == "die" else { return nil }
        for record in records { take(record) }
    }

    private mutating func take(_ record: Record) {
        switch record.word {
        case "die": broken = record[1]
        case "holds": vipInterface = Holding(record)?.interface
        case "haproxy": haproxy.take(record[1])
        case "engine": engine.take(record[1])
        case "unmet" where record[1] == "haproxy": haproxy.unmetConditions.append(record[2])
        case "unmet": engine.unmetConditions.append(record[2])
        case "remains": remains.append(record[1])
        case "armed": armed = Armed(seconds: record.number(1), subject: record[2])
        case "stray": strays.append(record.number(1))
        case "config": configurationFault = record[1]
        case "firewalld": firewalld = record[1] == "open" ? .open(zone: record[2]) : .closed(zone: record[2])
        case "filter": filters.append(record[1])
        case "silent": silentPeers.append(record[1])
        case "log": log.append(record[1])
        default: break
        }
    }
}
