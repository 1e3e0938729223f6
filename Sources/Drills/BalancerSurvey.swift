import HostShell
import Inventory
import Planning

/// How a balancer stands before a drill, as `survey.sh` says it.
struct BalancerSurvey: Sendable, Equatable {
    /// A unit, as far as a drill depends on it.
    struct Unit: Sendable, Equatable {
        var fact = UnitFact()
        /// Conditions that do not hold now, so that it would not start, each with its file.
        var unmetConditions: [String] = []

        /// Whether it serves: one that is being started does not yet.
        var isActive: Bool { ["active", "reloading"].contains(fact.activeState) }
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
    private var units = UnitFacts()
    /// By unit.
    private var unmetConditions: [String: [String]] = [:]
    /// Of the program that speaks VRRP.
    private let engineUnit: String
    /// The NICs that carry VIPs, by address.
    private var vipInterfaces: [String: String] = [:]
    /// Files that a drill leaves while it runs.
    var remains: [String] = []
    var armed: Armed?
    /// Processes named haproxy outside the unit.
    var strays: [Int] = []
    /// Processes named haproxy that somebody has stopped: they are there, and do nothing.
    var frozen: [Int] = []
    /// Of the NICs that carry VIPs.
    var hardware: [String] = []
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
    init?(_ records: [Record], engine: Engine) {
        guard let last = records.last, last.word == "end" || last.word == "die" else { return nil }
        engineUnit = engine.unit
        for record in records { take(record) }
    }

    /// The NIC that carries a VIP; nil where this host does not hold it.
    func interface(of instance: VRRPInstance) -> String? { vipInterfaces["\(instance.representative)"] }

    /// How a unit stands, by its name with the suffix.
    subscript(unit: String) -> Unit {
        Unit(fact: units.units[unit] ?? UnitFact(), unmetConditions: unmetConditions[unit] ?? [])
    }

    var haproxy: Unit { self[HAProxy.unit] }
    /// The program that speaks VRRP.
    var engine: Unit { self[engineUnit] }

    private mutating func take(_ record: Record) {
        switch record.word {
        case "die": broken = record[1]
        case "holds":
            if let holding = Holding(record) { vipInterfaces[holding.address] = holding.interface }
        case _ where UnitFacts.words.contains(record.word): units.take(record)
        case "unmet": unmetConditions[record[1], default: []].append(record[2])
        case "remains": remains.append(record[1])
        case "armed": armed = Armed(seconds: record.number(1), subject: record[2])
        case "stray": strays.append(record.number(1))
        case "frozen": frozen.append(record.number(1))
        case "hardware": hardware.append(record[1])
        case "config": configurationFault = record[1]
        case "firewalld": firewalld = record[1] == "open" ? .open(zone: record[2]) : .closed(zone: record[2])
        case "filter": filters.append(record[1])
        case "silent": silentPeers.append(record[1])
        case "log": log.append(record[1])
        default: break
        }
    }
}
