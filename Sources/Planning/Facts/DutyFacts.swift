import HostShell
import Inventory

/// What an operator has asked of a balancer for a while, beside what the inventory says.
package struct DutyFacts: Fact {
    package var moves: [MoveFact] = []
    package var maintenance: MaintenanceFact?

    package init() {}

    package static let words: Set = ["moved", "maintenance"]

    package mutating func take(_ record: Record) {
        if record.word == "maintenance" {
            maintenance = MaintenanceFact(
                operatorName: record[1], since: record[2], reason: record[3], until: Int(record[4]),
                isOver: record.flag(5))
            return
        }
        guard let identifier = UInt8(record[1]) else { return }
        moves.append(MoveFact(virtualRouterID: identifier, operatorName: record[2], since: record[3]))
    }
}

extension Facts {
    /// The virtual routers that were moved here.
    package var moves: [MoveFact] {
        get { self[DutyFacts.self].moves }
        set { self[DutyFacts.self].moves = newValue }
    }

    /// Where it is in maintenance: that.
    package var maintenance: MaintenanceFact? {
        get { self[DutyFacts.self].maintenance }
        set { self[DutyFacts.self].maintenance = newValue }
    }

    /// Whether an instance was moved here.
    package func hasMove(of instance: VRRPInstance) -> Bool {
        moves.contains { $0.virtualRouterID == instance.virtualRouterID }
    }
}

/// A virtual router that was moved to a balancer.
package struct MoveFact: Sendable, Equatable {
    package var virtualRouterID: UInt8
    /// `user@machine`.
    package var operatorName: String
    /// ISO 8601, UTC.
    package var since: String

    /// From its parts.
    package init(virtualRouterID: UInt8, operatorName: String, since: String) {
        self.virtualRouterID = virtualRouterID
        self.operatorName = operatorName
        self.since = since
    }
}

/// A balancer takes no part in VRRP, because somebody wants it so for a while.
package struct MaintenanceFact: Sendable, Equatable {
    /// `user@machine`.
    package var operatorName: String
    /// ISO 8601, UTC.
    package var since: String
    /// In one line; empty where none was given.
    package var reason: String
    /// Seconds since 1970; nil where that was not said.
    package var until: Int?
    /// Whether that has passed.
    package var isOver: Bool
}
