import Inventory
import Planning

/// Which run this is, and who makes it: the same on all hosts.
package struct RunIdentity: Sendable, Equatable {
    /// UTC and a random part, so that runs sort by time: `20260131T094500Z-3f2a`.
    package var id: String
    /// Such as `apply`.
    package var command: String
    /// `user@machine`.
    package var operatorName: String
    /// ISO 8601, UTC.
    package var started: String
    /// Why, in the operator's words, in one line; may be empty.
    package var reason: String
    /// What it was made from: see ``PlanInputs``, in hexadecimal digits; empty where that is not asked for.
    package var wanted = ""
    /// Balancers that it left out although their part was to be done.
    package var without: [String] = []

    package init(
        id: String, command: String, operatorName: String, started: String, reason: String = "", wanted: String = ""
    ) {
        self.id = id
        self.command = command
        self.operatorName = operatorName
        self.started = started
        self.reason = reason
        self.wanted = wanted
    }

    /// Whether a text is the name of a run, not that of a file.
    package static func isName(_ text: String) -> Bool { text.wholeMatch(of: /\d{8}T\d{6}Z-[0-9a-f]+/) != nil }

    /// Who is at work, for those who find the lock.
    var owner: String { "\(operatorName), haprov \(command)" }

    /// What begins the run in a host's journal, where it is not there yet.
    ///
    /// - Parameter members: the balancers of the inventory, which the journal shall know.
    package func opening(cluster: String, members: [Host] = []) -> [String] {
        [
            "hp_open", id, "\(JournalFormat.current)", "\(JournalFormat.functions)", cluster, command, operatorName,
            started, reason, wanted, without.joined(separator: ","),
        ] + members.map { "\($0.name) \($0.address) \($0.ssh.port) \($0.ssh.user)" }
    }
}
