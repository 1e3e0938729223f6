import Inventory

/// The clocks against each other and the controller's: what a certificate is worth and which log line came first hangs on them.
struct ClockCheck: PreflightCheck {
    let name = "clock"

    /// Milliseconds that clocks may be apart.
    private static let tolerance = 1000

    func warnings(_ look: HostLook) -> [Advice] {
        let references = references(look)
        let apart = references.filter { $0.isApart }
        // Of two that do not agree, the one is wrong that the most do not agree with.
        guard apart.count * 2 > references.count, let first = apart.first else { return [] }
        let names = apart.map(\.name)
        return [
            Advice(
                "the clock is \(Self.amount(first.middle)) those of \(Self.list(names))",
                remedy:
                    "Have it set by chronyd, ntpd or systemd-timesyncd (`chronyc makestep`, `timedatectl` shows it): logs "
                    + "and certificates go by it.")
        ]
    }

    func notes(_ look: HostLook) -> [String] {
        let references = references(look)
        let apart = references.filter { $0.isApart }
        guard warnings(look).isEmpty, let first = apart.first else { return [] }
        return [
            "the clock is \(Self.amount(first.middle)) those of \(Self.list(apart.map(\.name))), and as the others are"
        ]
    }

    func found(_ look: HostLook) -> String? {
        guard let own = look.facts.clock?.offset else { return nil }
        let width = max(abs(own.lowerBound), abs(own.upperBound))
        return width <= Self.tolerance
            ? "agrees with this machine's within \(width) ms"
            : "not seen to be wrong: the question took too long to tell within less than \(width) ms"
    }

    /// The other clocks: how far this host's is ahead of them, in milliseconds.
    private func references(_ look: HostLook) -> [Reference] {
        guard let own = look.facts.clock?.offset else { return [] }
        let others = look.others.compactMap { host, facts in
            facts.clock?.offset.map { other in
                Reference(
                    name: host.name, least: own.lowerBound - other.upperBound, most: own.upperBound - other.lowerBound)
            }
        }
        return others + [Reference(name: "this machine", least: own.lowerBound, most: own.upperBound)]
    }

    private struct Reference {
        var name: String
        var least: Int
        var most: Int
        var middle: Int { (least + most) / 2 }
        /// Whether they are apart whatever the ways there and back took.
        var isApart: Bool { least > ClockCheck.tolerance || most < -ClockCheck.tolerance }
    }

    /// `300 s behind`.
    private static func amount(_ milliseconds: Int) -> String {
        let size = abs(milliseconds)
        let seconds = (size + 500) / 1000
        let text = size < 60_000 ? "\(size / 1000).\(size % 1000 / 100) s" : "\(seconds) s (\(seconds / 60) min)"
        return text + (milliseconds > 0 ? " ahead of" : " behind")
    }

    private static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and \(last)"
    }
}
