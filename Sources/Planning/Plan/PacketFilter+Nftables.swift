extension PacketFilter {
    /// What `nft -nn list ruleset` prints, blanks at the beginnings of lines apart: a filter for each chain of the hook `input`
    /// that sees IPv4.
    ///
    /// - Parameter skipsIPTables: leave out the table in which iptables keeps its own.
    package static func nftables(_ lines: [String], skipsIPTables: Bool = false) -> [PacketFilter] {
        var filters: [PacketFilter] = []
        var tables: [String: [String: [Rule]]] = [:]
        var table = ""
        var chain = ""
        for line in lines {
            let words = words(of: line)
            switch words.first {
            case "table" where words.count >= 3:
                (table, chain) = ("\(words[1]) \(words[2])", "")
                tables[table] = [:]
            case "chain" where words.count >= 2:
                chain = words[1]
                tables[table]?[chain] = []
            case "type" where words.contains("hook"):
                guard words.firstIndex(of: "hook").map({ words.dropFirst($0 + 1).first }) == "input",
                    table.hasPrefix("ip ") || table.hasPrefix("inet "),
                    !(skipsIPTables && table == "ip filter")
                else { continue }
                filters.append(
                    PacketFilter(
                        name: "chain \(chain) of nftables' table \(table)",
                        advice: "nft insert rule \(table) \(chain) MATCH accept", entry: chain,
                        dropsByDefault: line.contains("policy drop"), chains: [table: []]))
            case "}" where !chain.isEmpty: chain = ""
            case nil, "}": continue
            default:
                guard !chain.isEmpty else { continue }
                var line = NftablesLine(words)
                tables[table]?[chain]? += line.rules()
            }
        }
        return filters.map { filter in
            var filter = filter
            filter.chains = filter.chains.keys.first.flatMap { tables[$0] } ?? [:]
            return filter
        }
    }
}

/// One rule as nft(8) prints it. A rule with a map of verdicts is one for each of the map's keys.
private struct NftablesLine {
    private typealias Rule = PacketFilter.Rule
    private typealias Condition = PacketFilter.Condition

    private var words: ArraySlice<String>
    private var rule = PacketFilter.Rule()
    /// What a map makes of the rule.
    private var mapped: [PacketFilter.Rule]?

    init(_ words: [String]) { self.words = words[...] }

    private static let fields: Set = [
        "meta", "ip", "ct", "iif", "iifname", "tcp", "udp", "ip6", "icmp", "icmpv6", "th",
    ]
    private static let verdicts: Set = ["accept", "drop", "reject", "jump", "goto", "return"]

    mutating func rules() -> [PacketFilter.Rule] {
        while let word = words.popFirst() {
            switch word {
            case _ where Self.fields.contains(word):
                readField(["iif", "iifname"].contains(word) ? word : "\(word) \(words.popFirst() ?? "")")
            case "counter": if words.first == "packets" { words = words.dropFirst(4) }
            case "log": words = words.drop { !Self.verdicts.contains($0) }
            case "comment": words = words.dropFirst()
            case "#": words = []
            case "fib":
                rule.conditions.append(.unknown)
                words = words.drop { !["type", "oif", "oifname"].contains($0) }.dropFirst()
                _ = values()
            case "vmap": readMap { _ in .unknown }
            case "queue":
                rule.verdict = .unknown
                words = []
            case _ where Self.verdicts.contains(word):
                rule.verdict = Self.verdict([word] + words.prefix(1))
                words = []
            default: rule.conditions.append(.unknown)
            }
        }
        return mapped ?? [rule]
    }

    private static func verdict(_ words: [String]) -> PacketFilter.Verdict? {
        switch words.first {
        case "accept": .accept
        case "drop", "reject": .drop
        case "return": .leave
        case "jump": words.dropFirst().first.map { .jump($0) }
        case "goto": words.dropFirst().first.map { .go($0) }
        case "continue": nil
        default: .unknown
        }
    }

    /// - Parameter field: such as `tcp dport`.
    private mutating func readField(_ field: String) {
        switch field {
        case "meta l4proto", "ip protocol": match { .transport($0.map { PacketFilter.transport($0) }) }
        // As a bit, where names are not printed.
        case "ct state": match { .states($0.map { $0 == "0x8" || $0 == "0x00000008" ? "new" : $0 }) }
        case "iif", "iifname", "meta iif", "meta iifname":
            match { .nics($0.map { $0.filter { $0 != "\"" } }) }
        case "ip daddr": match { PacketFilter.destination($0) }
        case "tcp dport", "udp dport", "th dport":
            let transport = field.prefix { $0 != " " }
            if transport != "th" { rule.conditions.append(.transport(["\(transport)"])) }
            match { words in
                let ranges = words.map { PacketFilter.ports($0) }
                return ranges.contains { $0 == nil } ? .unknown : .ports(ranges.compactMap { $0 })
            }
        case "meta nfproto":
            match { $0.contains { ["ipv4", "2", "0x02"].contains($0) } ? nil : .transport([]) }
        case _ where field.hasPrefix("tcp ") || field.hasPrefix("udp "):
            rule.conditions.append(.transport(["\(field.prefix(3))"]))
            match { _ in .unknown }
        case _ where ["ip6", "icmpv6", "icmp"].contains { field.hasPrefix($0 + " ") }:
            rule.conditions.append(.transport(["\(field.prefix { $0 != " " })"]))
            match { _ in .unknown }
        default: match { _ in .unknown }
        }
    }

    /// Reads what a field is compared with.
    ///
    /// - Parameter make: the condition that it has one of these values; nil where that always holds.
    private mutating func match(_ make: ([String]) -> Condition?) {
        switch words.first {
        case "set":
            // No question.
            words.removeFirst()
            _ = values()
        case ".":
            // Several fields at once: their values are not told apart.
            words.removeFirst()
            rule.conditions.append(.unknown)
        case "vmap":
            words.removeFirst()
            readMap(make)
        case "!=", "<", ">", "<=", ">=", "&", "and", "==":
            words.removeFirst()
            _ = values()
            rule.conditions.append(.unknown)
        default: rule.conditions += Self.condition(values(), make)
        }
    }

    private static func condition(_ values: [String], _ make: ([String]) -> Condition?) -> [Condition] {
        // Named sets, and values of several fields.
        if values.contains(where: { $0.hasPrefix("@") || $0 == "." }) { return [.unknown] }
        guard let condition = make(values) else { return [] }
        // Ranges of numbers, other than of ports.
        if case .transport = condition, values.contains(where: { $0.first?.isNumber == true && $0.contains("-") }) {
            return [.unknown]
        }
        return [condition]
    }

    /// A value, or several in braces.
    private mutating func values() -> [String] {
        guard let first = words.popFirst() else { return [] }
        guard first == "{" else { return first.split(separator: ",").map(String.init) }
        var found: [String] = []
        while let word = words.popFirst(), word != "}" { found.append(word.filter { $0 != "," }) }
        return found
    }

    /// `{ KEY : VERDICT, … }`, or the name of a map, whose verdicts are not known.
    private mutating func readMap(_ make: ([String]) -> Condition?) {
        defer { words = [] }
        guard words.first == "{" else {
            rule.verdict = .unknown
            return
        }
        let inside = words.dropFirst().prefix { $0 != "}" }
        let elements = inside.joined(separator: " ").split(separator: ", ")
        mapped = elements.map { element in
            let parts = PacketFilter.words(of: String(element)).split(separator: ":", maxSplits: 1)
            var one = rule
            one.conditions += parts.first.map { Self.condition(Array($0), make) } ?? [.unknown]
            one.verdict = parts.count == 2 ? Self.verdict(Array(parts[1])) : .unknown
            return one
        }
    }
}
