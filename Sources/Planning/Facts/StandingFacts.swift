import HostShell

/// How the service of a balancer stands at a moment, beside its units and addresses.
package struct StandingFacts: Fact {
    package var routers: [RouterFact] = []
    package var versions: [String: String] = [:]
    package var certificates: [CertificateFact] = []
    package var takenOut: [ServerFact] = []

    package init() {}

    package static let words: Set = ["router", "version", "certificate", "out"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "router":
            routers.append(RouterFact(name: record[1], state: record[2], priority: Int(record[3])))
        case "out": takenOut.append(ServerFact(backend: record[1], name: record[2], told: record.number(3)))
        case "version": versions[record[1]] = Self.number(in: record[2])
        default: certificates.append(CertificateFact(file: record[1], base64: record[2]))
        }
    }

    /// The number in what a program says of its version: `HAProxy version 2.6.12-1 2023/12/16 - https://haproxy.org/`,
    /// `Keepalived v2.2.7 (01/16,2022)`. All of it where there is none.
    static func number(in text: String) -> String {
        let words = text.split(separator: " ").map { $0.hasPrefix("v") ? $0.dropFirst() : $0 }
        return words.first { $0.first?.isNumber == true }.map(String.init) ?? text
    }
}

extension Facts {
    /// The virtual routers of the daemon that runs.
    package var routers: [RouterFact] {
        get { self[StandingFacts.self].routers }
        set { self[StandingFacts.self].routers = newValue }
    }

    /// Of the programs that run, by unit.
    package var runningVersions: [String: String] {
        get { self[StandingFacts.self].versions }
        set { self[StandingFacts.self].versions = newValue }
    }

    /// What HAProxy shows its clients.
    package var certificates: [CertificateFact] {
        get { self[StandingFacts.self].certificates }
        set { self[StandingFacts.self].certificates = newValue }
    }
}

extension Facts {
    /// The servers that are kept out of service by hand.
    package var takenOut: [ServerFact] {
        get { self[StandingFacts.self].takenOut }
        set { self[StandingFacts.self].takenOut = newValue }
    }
}

/// A server as it was told to be.
package struct ServerFact: Sendable, Equatable {
    package var backend: String
    package var name: String
    /// What it was told, as HAProxy's management guide has it (`show servers state`, srv_admin_state).
    package var told: Int

    /// From its parts.
    package init(backend: String, name: String, told: Int) {
        self.backend = backend
        self.name = name
        self.told = told
    }
}

/// A virtual router as the daemon of a host has it.
package struct RouterFact: Sendable, Equatable {
    /// As keepalived.conf names it.
    package var name: String
    /// In the daemon's words, such as `MASTER`; empty where it has said none.
    package var state: String
    /// With all weights, as far as the daemon says them; nil where nothing is known of it.
    package var priority: Int?

    /// From its parts.
    package init(name: String, state: String, priority: Int?) {
        self.name = name
        self.state = state
        self.priority = priority
    }
}

/// The first certificate of a file.
package struct CertificateFact: Sendable, Equatable {
    package var file: String
    /// Of its distinguished encoding.
    package var base64: String

    /// From its parts.
    package init(file: String, base64: String) {
        self.file = file
        self.base64 = base64
    }
}
