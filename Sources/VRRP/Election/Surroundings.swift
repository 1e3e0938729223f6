/// What is known of things that routers depend on. What was never named is down.
struct Surroundings: Sendable {
    /// NICs by name.
    private(set) var interfaces: [String: InterfaceState] = [:]
    /// Scripts and processes.
    var tracked: [TrackTarget: Bool] = [:]
    /// The numbers in files.
    var values: [TrackTarget: Int] = [:]

    mutating func note(_ name: String, _ state: InterfaceState) {
        interfaces[name] = state
    }

    func isUp(_ target: TrackTarget) -> Bool {
        switch target {
        case .interface(let name): interfaces[name]?.isUp ?? false
        case .script, .process: tracked[target] ?? false
        case .file: values[target] != nil
        }
    }

    /// What a file makes of the priority; nil for FAULT.
    private func change(by item: TrackedItem) -> Int? {
        let value = values[item.target] ?? 0
        guard item.weight != 0 else { return (value != 0) == item.isReversed ? 0 : nil }
        let change = value * (item.isReversed ? -item.weight : item.weight)
        return change < -253 ? nil : min(change, 253)
    }

    /// The address that a router's advertisements come from; nil where there is none.
    ///
    /// Over IPv6 it is the link-local one (RFC 5798 section 5.1.2.1), unless the settings name another.
    func source(for settings: RouterSettings) -> IPAddress? {
        if let address = settings.sourceAddress {
            // What is not there, not yet or no more, cannot be sent from: a master would not be heard. It may be on any NIC,
            // but a link-local one means another address on each.
            let states = address.isLinkLocal ? interfaces.filter { $0.key == settings.interface } : interfaces
            return states.values.contains { $0.addresses.contains(address) } ? address : nil
        }
        return interfaces[settings.interface]?.addresses.first {
            $0.family == settings.family && ($0.family == .ipv4 || $0.isLinkLocal)
        }
    }

    /// What keeps a router in FAULT.
    func down(_ settings: RouterSettings, items: [TrackedItem], source: IPAddress?) -> [TrackTarget] {
        var down: [TrackTarget] = []
        func add(_ target: TrackTarget) {
            if !down.contains(target) { down.append(target) }
        }
        let own = TrackTarget.interface(settings.interface)
        if source == nil || (settings.tracksInterface && !isUp(own)) { add(own) }
        for address in settings.movingAddresses where address.interface != settings.interface {
            let target = TrackTarget.interface(address.interface)
            if !isUp(target) { add(target) }
        }
        for item in items {
            if case .file = item.target {
                if change(by: item) == nil { add(item.target) }
            } else if item.weight == 0, isUp(item.target) == item.isReversed {
                add(item.target)
            }
        }
        return down
    }

    /// The priority with all weights added, which may be outside 1…254.
    func priority(_ settings: RouterSettings, items: [TrackedItem]) -> Int {
        guard settings.priority != 255 else { return 255 }
        var priority = Int(settings.priority)
        for item in items {
            if case .file = item.target {
                priority += change(by: item) ?? 0
            } else if isUp(item.target) == (item.weight > 0) {
                priority += item.isReversed ? -item.weight : item.weight
            }
        }
        return priority
    }
}
