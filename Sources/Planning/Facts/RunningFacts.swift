import HostShell
import Inventory

/// What runs already.
package struct RunningFacts: Fact {
    package var processes: [ProcessFact] = []
    package var listeners: [ListenerFact] = []
    package var parts: [String] = []

    package init() {}

    package static let words: Set = ["process", "listener", "part"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "process":
            processes.append(
                ProcessFact(
                    name: record[1], id: record.number(2), parent: record.number(3), unit: record[4], path: record[5],
                    arguments: record[6].split(separator: "\u{1E}").map(String.init), isApart: record[7] == "apart",
                    configuration: record[8]))
        case "part": parts.append(record[1])
        default:
            listeners.append(
                ListenerFact(
                    address: record[1], port: record.number(2), program: record[3], process: record.number(4),
                    unit: record[5], path: record[6]))
        }
    }
}

extension Facts {
    /// HAProxy and whatever speaks VRRP, in and outside of their units.
    package var processes: [ProcessFact] {
        get { self[RunningFacts.self].processes }
        set { self[RunningFacts.self].processes = newValue }
    }

    /// What speaks VRRP, each family by its eldest.
    package var speakers: [ProcessFact] {
        let speaking = processes.filter { process in
            Engine.running(process.name) != nil && !process.endsByItself
        }
        return speaking.filter { process in !speaking.contains { $0.id == process.parent } }
    }

    /// Files that the unit of HAProxy's package reads beside its configuration.
    package var configurationParts: [String] {
        get { self[RunningFacts.self].parts }
        set { self[RunningFacts.self].parts = newValue }
    }

    /// Who has the ports that frontends want, and what HAProxy listens on.
    package var listeners: [ListenerFact] {
        get { self[RunningFacts.self].listeners }
        set { self[RunningFacts.self].listeners = newValue }
    }
}

/// A process of HAProxy or of a program that speaks VRRP.
package struct ProcessFact: Sendable, Equatable {
    /// Of the program, such as `haproxy`.
    package var name: String
    package var id: Int
    package var parent: Int
    /// The innermost service or scope that it belongs to; empty where it is none of systemd's.
    package var unit: String
    /// Of the program's file.
    package var path: String
    package var arguments: [String]
    /// Whether it speaks VRRP by a configuration that is known to name none of the VIPs and virtual router IDs that were asked
    /// about.
    package var isApart = false
    /// The file of that configuration; empty for what does not speak VRRP.
    package var configuration = ""

    /// The service that it belongs to, without the suffix; nil where it is none's.
    package var service: String? { unit.hasSuffix(".service") ? String(unit.dropLast(".service".count)) : nil }

    /// Whether it only reads a configuration, asks or listens, and ends by itself.
    package var endsByItself: Bool {
        Engine.running(name)?.endsByItself(arguments) ?? arguments.contains("-c")
    }

    /// Configurations that it was given by `-f`; `-C` is where it looks for them.
    package var configurations: [String] {
        let folder = values(of: "-C").last
        return values(of: "-f").map { $0.hasPrefix("/") || folder == nil ? $0 : "\(folder ?? "")/\($0)" }
    }

    private func values(of option: String) -> [String] {
        zip(arguments, arguments.dropFirst()).filter { $0.0 == option }.map(\.1)
    }
}

/// A program that listens for TCP connections.
package struct ListenerFact: Sendable, Equatable {
    /// As `ss` writes it: `*`, `0.0.0.0`, `[::]`, `127.0.0.1`, `10.0.0.1%eth0`.
    package var address: String
    package var port: Int
    /// Empty, like what follows, where `ss` cannot tell.
    package var program: String
    package var process: Int
    package var unit: String
    package var path: String
}

extension ProbeQuery {
    /// HAProxy and whatever speaks VRRP.
    ///
    /// - Parameter words: addresses and virtual router IDs; what names none of them is apart.
    package static func processes(about words: [String]) -> ProbeQuery {
        var query = ProbeQuery("probe_processes")
        query.arguments = words
        return query
    }
}
