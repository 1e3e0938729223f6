extension Interpreter {
    private static let tables: [String: UInt32] = ["default": 253, "main": VirtualRoute.mainTable, "local": 255]

    /// A line of `virtual_routes`: `[TYPE] [to] PREFIX [via ADDRESS] [dev NIC] [src ADDRESS] [table N] [metric N]
    /// [scope SCOPE] [onlink]`.
    mutating func virtualRoute(_ line: Statement) -> VirtualRoute? {
        let before = diagnostics.count
        var route = VirtualRoute(destination: AddressPrefix(address: .v4(0), length: 0))
        var destination: Word?
        var isIPv6 = false
        var isTracked = true
        var rest = line.words[...]
        while let word = rest.popFirst() {
            switch word.text {
            case "inet": checkLast(word, rest)
            case "no_track": isTracked = false
            case "inet6":
                checkLast(word, rest)
                isIPv6 = true
            case "to": if let value = value(of: word, &rest) { destination = value }
            case "via", "gw":
                if word.text == "gw" { warn(word, "`gw` of a route is old; use `via`") }
                route.gateway = value(of: word, &rest).flatMap { address($0) }
            case "src": route.source = value(of: word, &rest).flatMap { address($0) }
            case "dev", "oif": route.interface = value(of: word, &rest).flatMap { interface($0) }
            case "table": if let table = table(word, &rest) { route.table = table }
            case "metric", "priority", "preference": route.metric = number(word, &rest)
            case "scope": route.scope = value(of: word, &rest).flatMap { scope($0) }
            case "onlink": route.isOnLink = true
            case "proto", "protocol":
                if value(of: word, &rest) != nil {
                    warn(word, "`\(word.text)` of a route is ignored: it is keepalived's")
                }
            default:
                if let kind = VirtualRoute.Kind(rawValue: word.text) {
                    route.kind = kind
                } else if destination == nil, word.text == "default" || word.text.contains(where: { ".:".contains($0) })
                {
                    destination = word
                } else {
                    error(
                        word,
                        "`\(word.shown)` of a route is not supported: it has a destination, via, dev, src, table, metric, "
                            + "scope and onlink")
                }
            }
        }
        guard diagnostics[before...].allSatisfy({ $0.severity == .warning }) else { return nil }
        guard let destination else {
            error(line.keyword, "a route needs a destination such as 192.0.2.0/24 or default")
            return nil
        }
        let family = route.gateway?.family ?? route.source?.family ?? (isIPv6 ? .ipv6 : .ipv4)
        guard let prefix = prefix(destination, family) else { return nil }
        route.destination = prefix
        guard isSound(route, destination) else { return nil }
        if isTracked, route.interface == nil {
            warn(line.keyword, "keepalived does not track a route without `dev`; add that, or `no_track`")
        }
        return route
    }

    private mutating func isSound(_ route: VirtualRoute, _ word: Word) -> Bool {
        let families = [route.gateway, route.source].compactMap { $0?.family } + [route.destination.address.family]
        if Set(families).count > 1 {
            error(word, "the addresses of a route are of one family")
        } else if route.kind == .unicast, route.gateway == nil, route.interface == nil {
            error(word, "a route needs `via` or `dev`")
        } else if route.kind != .unicast, route.gateway != nil || route.interface != nil || route.source != nil {
            error(word, "`\(route.kind.rawValue)` routes lead nowhere; remove `via`, `dev` and `src`")
        } else if route.isOnLink, route.gateway == nil || route.interface == nil {
            error(word, "`onlink` needs `via` and `dev`")
        } else {
            return true
        }
        return false
    }

    /// A line of `virtual_rules`: `[from PREFIX] [to PREFIX] [iif NIC] [oif NIC] [fwmark N[/N]] [preference N]` and
    /// `table N` or a type.
    mutating func virtualRule(_ line: Statement) -> VirtualRule? {
        let before = diagnostics.count
        var rule = VirtualRule(family: .ipv4, action: .prohibit)
        var action: VirtualRule.Action?
        var family: AddressFamily?
        var rest = line.words[...]
        while let word = rest.popFirst() {
            switch word.text {
            case "no_track", "type": break
            case "inet", "inet6":
                checkLast(word, rest)
                let told: AddressFamily = word.text == "inet" ? .ipv4 : .ipv6
                if let family, family != told { error(word, "the addresses of a rule are of one family") }
                family = told
            case "from", "to":
                guard let value = value(of: word, &rest) else { break }
                if ["all", "any"].contains(value.text) { break }
                guard let prefix = prefix(value, family ?? .ipv4) else { break }
                if let family, family != prefix.address.family {
                    error(value, "the addresses of a rule are of one family")
                }
                family = prefix.address.family
                if word.text == "from" { rule.source = prefix } else { rule.destination = prefix }
            case "table", "lookup": action = table(word, &rest).map { .lookUp($0) }
            case "preference", "priority", "order": rule.preference = number(word, &rest)
            case "iif", "dev": rule.incoming = value(of: word, &rest).flatMap { interface($0) }
            case "oif": rule.outgoing = value(of: word, &rest).flatMap { interface($0) }
            case "fwmark": mark(word, &rest, into: &rule)
            case "blackhole": action = .blackhole
            case "unreachable": action = .unreachable
            case "prohibit": action = .prohibit
            default:
                error(
                    word,
                    "`\(word.shown)` of a rule is not supported: it has from, to, iif, oif, fwmark, preference and table"
                )
            }
        }
        guard diagnostics[before...].allSatisfy({ $0.severity == .warning }) else { return nil }
        guard let action else {
            error(line.keyword, "a rule needs `table N`, which says what becomes of the packets")
            return nil
        }
        if rule.preference == nil {
            warn(line.keyword, "the rule has no `preference`: it gets the next one below 16384, as with keepalived")
        }
        rule.action = action
        rule.family = family ?? .ipv4
        return rule
    }

    private mutating func checkLast(_ word: Word, _ rest: ArraySlice<Word>) {
        if !rest.isEmpty {
            warn(word, "keepalived 2.2.7 leaves out the word behind `\(word.text)`; put it at the end of the line")
        }
    }

    // MARK: values of options

    private mutating func value(of option: Word, _ rest: inout ArraySlice<Word>) -> Word? {
        guard let value = rest.popFirst() else {
            error(option, "`\(option.text)` needs a value behind it")
            return nil
        }
        return value
    }

    private mutating func number(_ option: Word, _ rest: inout ArraySlice<Word>) -> UInt32? {
        value(of: option, &rest).flatMap { number($0, of: option) }
    }

    private mutating func number(_ word: Word, of option: Word) -> UInt32? {
        guard let number = UInt32(word.withoutLeadingBlanks) else {
            error(word, "`\(option.text)` is a whole number from 0 to \(UInt32.max), not `\(word.shown)`")
            return nil
        }
        return number
    }

    private mutating func table(_ option: Word, _ rest: inout ArraySlice<Word>) -> UInt32? {
        guard let word = value(of: option, &rest) else { return nil }
        if let table = Self.tables[word.text] ?? UInt32(word.text), table > 0 { return table }
        error(
            word,
            "`\(option.text)` is main, local, default or a number, not `\(word.shown)`; name the table by its number")
        return nil
    }

    private mutating func scope(_ word: Word) -> UInt8? {
        if let scope = RouteScope.numbers[word.text] ?? UInt8(word.text) { return scope }
        error(word, "`\(word.shown)` is no scope; it is global, site, link, host or nowhere")
        return nil
    }

    /// An address with the number of its bits that count, all of them where nothing is said.
    private mutating func prefix(_ word: Word, _ family: AddressFamily) -> AddressPrefix? {
        if word.text == "default" {
            return AddressPrefix(address: family == .ipv4 ? .v4(0) : .v6(0, 0), length: 0)
        }
        let parts = word.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else {
            error(word, "`\(word.shown)` is not an IP address with a prefix length such as 192.0.2.0/24")
            return nil
        }
        let longest = UInt8(address.family.addressLength * 8)
        guard parts.count == 2 else { return AddressPrefix(address: address, length: longest) }
        guard let length = UInt8(parts[1]), length <= longest, !parts[1].hasPrefix("+") else {
            error(word, "the prefix length of `\(word.shown)` is a whole number from 0 to \(longest)")
            return nil
        }
        return AddressPrefix(address: address, length: length)
    }

    private mutating func mark(_ option: Word, _ rest: inout ArraySlice<Word>, into rule: inout VirtualRule) {
        guard let word = value(of: option, &rest) else { return }
        let parts = word.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts.map { $0.hasPrefix("0x") ? UInt32($0.dropFirst(2), radix: 16) : UInt32($0) }
        guard !numbers.contains(nil) else {
            return error(word, "`fwmark` is a number, or two with / between them, not `\(word.shown)`")
        }
        rule.mark = numbers[0]
        rule.markMask = numbers.count == 2 ? numbers[1] : nil
    }
}

/// Scopes of routes, by rtnetlink(7).
enum RouteScope {
    static let numbers: [String: UInt8] = ["global": 0, "site": 200, "link": 253, "host": 254, "nowhere": 255]

    /// Its name where it has one.
    static func text(_ number: UInt8) -> String { numbers.first { $0.value == number }?.key ?? "\(number)" }
}
