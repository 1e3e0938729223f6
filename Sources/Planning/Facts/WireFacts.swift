import HostShell

/// What is on the wire, as the host sees it: who answers, and who is heard to speak VRRP.
package struct WireFacts: Fact {
    package var reachable: [String: Bool] = [:]
    package var latencies: [String: Int] = [:]
    package var answers: [NeighbourFact] = []
    package var neighbours: [NeighbourFact] = []
    package var listening: Listening?

    package init() {}

    package static let words: Set = ["reach", "answer", "known", "listened", "speaker"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "reach":
            reachable[record[1]] = record.flag(2)
            if let milliseconds = Int(record[3]) { latencies[record[1]] = milliseconds }
        case "answer": answers.append(NeighbourFact(address: record[1], hardware: record[2]))
        case "known": neighbours.append(NeighbourFact(address: record[1], hardware: record[2]))
        case "listened": listening = Listening(means: record[1] == "no" ? nil : record[1], reason: record[2])
        default:
            listening?.speakers.append(
                Speaker(
                    address: record[1], virtualRouterID: record.number(2), priority: record.number(3),
                    version: record.number(4), authentication: record[5], hardwareAddress: record[7],
                    virtualAddresses: record[9].split(separator: ",").map(String.init),
                    isMulticast: record[10] == "multicast"))
        }
    }
}

extension Facts {
    /// `address:port`, and whether something answers there, seen from this host.
    package var reachable: [String: Bool] {
        get { self[WireFacts.self].reachable }
        set { self[WireFacts.self].reachable = newValue }
    }

    /// Of what answers, by `address:port`: milliseconds, with what it takes to start asking.
    package var latencies: [String: Int] {
        get { self[WireFacts.self].latencies }
        set { self[WireFacts.self].latencies = newValue }
    }

    /// Hardware addresses that answer for an address, or that the kernel was found to take for its, where it was asked.
    package var answers: [NeighbourFact] {
        get { self[WireFacts.self].answers }
        set { self[WireFacts.self].answers = newValue }
    }

    /// The kernel's table of neighbours, without the VIP.
    package var neighbours: [NeighbourFact] {
        get { self[WireFacts.self].neighbours }
        set { self[WireFacts.self].neighbours = newValue }
    }

    /// Who was heard to speak VRRP; nil where nobody was told to listen.
    package var listening: Listening? {
        get { self[WireFacts.self].listening }
        set { self[WireFacts.self].listening = newValue }
    }
}

/// A machine that a host's kernel knows, or asked for.
package struct NeighbourFact: Sendable, Hashable {
    package var address: String
    package var hardware: String
}

/// What was heard of VRRP on a host's NIC.
package struct Listening: Sendable, Equatable {
    /// The program that listened; nil where none could.
    package var means: String?
    /// Why haprov's own program did not.
    package var reason: String
    package var speakers: [Speaker] = []

    package init(means: String?, reason: String, speakers: [Speaker] = []) {
        self.means = means
        self.reason = reason
        self.speakers = speakers
    }
}

/// Who speaks VRRP, by one sender's last advertisement.
package struct Speaker: Sendable, Hashable {
    package var address: String
    package var virtualRouterID: Int
    package var priority: Int
    package var version: Int
    /// `none`, `password`, or another type's name.
    package var authentication: String
    /// Empty, like the virtual addresses, where it is not known.
    package var hardwareAddress: String
    package var virtualAddresses: [String]
    /// Whether it is known to speak to a group; what speaks to hosts may speak to ours.
    package var isMulticast = false
}
