import VRRP

/// What has happened, for reading after something has gone wrong: how it began, and the latest of it.
final class Trace {
    private(set) var lines: [String] = []
    private let isKept: Bool

    init(isKept: Bool) { self.isKept = isKept }

    func note(_ time: Int64, _ line: () -> String) {
        guard isKept else { return }
        lines.append("\(seconds(time)) \(line())")
        if lines.count > 150 { lines.removeSubrange(1..<31) }
    }
}

/// An event in few words.
func brief(_ event: Event) -> String {
    switch event {
    case .received(let advertisement, let reception):
        "hears \(brief(advertisement)) from \(reception.source)"
    case .reconfigure(let settings):
        "reconfigure " + settings.routers.map { "\($0.name): \($0.priority) \($0.preempt ? "" : "no")preempt" }.joined()
    default: "\(event)".replacing("VRRP.", with: "")
    }
}

/// An effect in few words.
func brief(_ effect: Effect) -> String {
    switch effect {
    case .send(let transmission): "sends \(brief(transmission.advertisement))"
    case .addAddresses(let addresses): "adds \(addresses.map(\.address))"
    case .removeAddresses(let addresses): "removes \(addresses.map(\.address))"
    case .announce(let addresses, let count): "announces \(addresses.map(\.address)) \(count) times"
    case .routerChanged(let name, let transition):
        "\(name) \(transition.from) → \(transition.to), \(transition.cause), priority \(transition.priority)"
    default: "\(effect)".replacing("VRRP.", with: "")
    }
}

private func brief(_ advertisement: Advertisement) -> String {
    "VRID \(advertisement.virtualRouterID) priority \(advertisement.priority)"
}
