extension VirtualRoute {
    /// As a line of `virtual_routes`.
    func line(_ quoted: (String) -> String) -> String {
        var words: [String] = kind == .unicast ? [] : [kind.rawValue]
        words.append(destination.text)
        if let gateway { words += ["via", "\(gateway)"] }
        if let interface { words += ["dev", quoted(interface)] }
        if let source { words += ["src", "\(source)"] }
        if table != Self.mainTable { words += ["table", "\(table)"] }
        if let metric { words += ["metric", "\(metric)"] }
        if let scope { words += ["scope", RouteScope.text(scope)] }
        if isOnLink { words.append("onlink") }
        // keepalived tracks routes by their NIC alone, and says so.
        if interface == nil { words.append("no_track") }
        return words.joined(separator: " ")
    }
}

extension VirtualRule {
    /// As a line of `virtual_rules`.
    func line(_ quoted: (String) -> String) -> String {
        var words: [String] = []
        if let source { words += ["from", source.text] }
        if let destination { words += ["to", destination.text] }
        if let incoming { words += ["iif", quoted(incoming)] }
        if let outgoing { words += ["oif", quoted(outgoing)] }
        if let mark { words += ["fwmark", "\(mark)" + (markMask.map { "/\($0)" } ?? "")] }
        if let preference { words += ["preference", "\(preference)"] }
        switch action {
        case .lookUp(let table): words += ["table", "\(table)"]
        case .blackhole: words.append("blackhole")
        case .unreachable: words.append("unreachable")
        case .prohibit: words.append("prohibit")
        }
        // At the end: keepalived 2.2.7 leaves out the word behind it.
        if family == .ipv6, source == nil, destination == nil { words.append("inet6") }
        return words.joined(separator: " ")
    }
}

extension AddressPrefix {
    fileprivate var text: String { "\(address)/\(length)" }
}
