extension PacketFilter {
    private static let hooks = [
        "ingress": false, "prerouting": false, "input": false, "output": true, "postrouting": true, "egress": true,
    ]

    /// What `nft -nn list ruleset` prints, blanks at the beginnings of lines apart: a filter for each chain where packets of
    /// IPv4 come in or leave.
    ///
    /// - Parameter told: the tables that iptables has told of, such as `filter`.
    package static func nftables(_ lines: [String], exceptOfIPTables told: Set<String> = []) -> [PacketFilter] {
        var filters: [(table: String, filter: PacketFilter)] = []
        var tables: [String: [String: [Rule]]] = [:]
        var dormant: Set<String> = []
        var (table, chain) = ("", "")
        for line in lines {
            let words = words(of: line)
            switch words.first {
            case "table" where words.count >= 3:
                (table, chain) = ("\(words[1]) \(words[2])", "")
                tables[table] = [:]
            case "flags" where chain.isEmpty && words.contains("dormant"): dormant.insert(table)
            case "chain" where words.count >= 2:
                chain = words[1]
                tables[table]?[chain] = []
            case "type" where words.contains("hook"):
                guard let filter = filter(of: words, table, chain) else { continue }
                // iptables' own, which is told better by it.
                let isTold = table.hasPrefix("ip ") && told.contains(String(table.dropFirst(3)))
                if !isTold || !builtInChains.contains(chain) { filters.append((table, filter)) }
            case "}" where !chain.isEmpty: chain = ""
            case nil, "}": continue
            default: if !chain.isEmpty { tables[table]?[chain]?.append(contentsOf: nftablesRules(words)) }
            }
        }
        return filters.filter { !dormant.contains($0.table) }.map { table, filter in
            var filter = filter
            filter.chains = tables[table] ?? [:]
            return filter
        }
    }

    /// Of a line such as `type filter hook input priority 0; policy drop;`.
    private static func filter(of words: [String], _ table: String, _ chain: String) -> PacketFilter? {
        guard let hook = words.firstIndex(of: "hook"), words.count > hook + 1, let isOutgoing = hooks[words[hook + 1]],
            ["ip", "inet", "netdev"].contains(table.prefix { $0 != " " }), words[1] != "nat"
        else { return nil }
        let devices = words.dropFirst(hook + 2).prefix { $0 != "priority" }.map { $0.filter { $0 != "," } }
        return PacketFilter(
            keeper: .nftables(table), entry: chain, isOutgoing: isOutgoing,
            nics: devices.filter { !["device", "devices", "=", "{", "}", ""].contains($0) },
            dropsByDefault: words.contains("policy") && words.contains("drop;"))
    }

    private static func nftablesRules(_ words: [String]) -> [Rule] {
        var reader = NFTablesRuleReader(words: words[...])
        reader.read()
        return reader.rules
    }
}

/// Reads a rule of nftables, which is several where it has a map of verdicts.
private struct NFTablesRuleReader {
    var words: ArraySlice<String>
    /// Those that are complete.
    var rules: [PacketFilter.Rule] = []
    private var conditions: [PacketFilter.Condition] = []

    /// What may end a rule.
    private static let ends: Set = [
        "accept", "drop", "return", "jump", "goto", "reject", "queue", "dnat", "redirect", "fwd", "vmap", "comment",
        "#",
    ]

    init(words: ArraySlice<String>) { self.words = words }

    mutating func read() {
        var verdict: PacketFilter.Verdict?
        while let word = words.popFirst() {
            switch word {
            case "meta", "ip", "ct", "tcp", "udp", "ip6", "icmp", "icmpv6", "th":
                field(word, words.popFirst() ?? "")
            case "iif", "iifname", "oif", "oifname": match { .nic($0) }
            case "counter":
                if words.first == "packets" { words = words.dropFirst(4) }
                if words.first == "name" { words = words.dropFirst(2) }
            case "comment", "prefix", "level", "group", "snaplen", "queue-threshold": words = words.dropFirst()
            case "log", "continue": break
            case "accept", "drop", "return", "jump", "goto": verdict = self.verdict(word)
            case "reject": (verdict, words) = (.drop, [])
            // To a program, or elsewhere.
            case "queue", "dnat", "redirect", "fwd": (verdict, words) = (.accept, [])
            case "vmap":
                conditions.append(.unknown)
                (verdict, words) = (.accept, [])
            case "#": words = []
            default:
                // What its own words mean is not known either: `fib daddr . iif type local` does not ask for a NIC.
                conditions.append(.unknown)
                words = words.drop { !Self.ends.contains($0) }
            }
        }
        rules.append(PacketFilter.Rule(conditions: conditions, verdict: verdict))
    }

    private mutating func verdict(_ word: String) -> PacketFilter.Verdict? {
        switch word {
        case "accept": .accept
        case "drop": .drop
        case "return": .leave
        case "jump": words.popFirst().map { .jump($0) }
        case "goto": words.popFirst().map { .goto($0) }
        default: nil
        }
    }

    private mutating func field(_ word: String, _ name: String) {
        // `meta mark set 1` asks for nothing.
        if words.first == "set" {
            words = words.dropFirst(2)
            return
        }
        switch "\(word) \(name)" {
        case "meta l4proto", "ip protocol": match { .transport($0.map { PacketFilter.transport($0) }) }
        case "ct state": match { .states($0.map(Self.state)) }
        case "meta iif", "meta iifname", "meta oif", "meta oifname": match { .nic($0) }
        case "tcp dport", "udp dport", "th dport":
            if word != "th" { conditions.append(.transport([word])) }
            match { words in
                let ranges = words.map { PacketFilter.ports($0) }
                return ranges.contains { $0 == nil } ? .unknown : .ports(ranges.compactMap { $0 })
            }
        case "ip daddr":
            match { words in
                let subnets = words.map { PacketFilter.subnet($0) }
                return subnets.contains { $0 == nil } ? .unknown : .destination(subnets.compactMap { $0 })
            }
        case "meta pkttype": match { $0 == ["multicast"] || $0 == ["2"] ? .multicast : .unknown }
        // Of IPv6 alone, or not.
        case "meta nfproto": match { $0.contains("ipv4") || $0.contains("2") ? .not(.transport([])) : .transport([]) }
        case _ where ["tcp", "udp", "ip6", "icmp", "icmpv6"].contains(word):
            conditions.append(.transport([word]))
            match { _ in .unknown }
        default: match { _ in .unknown }
        }
    }

    /// `new` by its number, as nft prints it, is bit 3 (nf_conntrack_common.h).
    private static func state(_ word: String) -> String {
        guard word.hasPrefix("0x"), let bits = Int(word.dropFirst(2), radix: 16) else { return word }
        return bits & 8 != 0 ? "new" : word
    }

    /// What a field has to be: a value, several, or a map from values to verdicts.
    private mutating func match(_ make: ([String]) -> PacketFilter.Condition) {
        switch words.first {
        case "vmap" where words.dropFirst().first == "{":
            words = words.dropFirst(2)
            verdicts(make)
        // Together with another field, in a set with a name, or by calculation.
        case ".":
            conditions.append(.unknown)
            while let word = words.popFirst(), word != "{", !word.hasPrefix("@") {
                if word == "vmap" {
                    words = ["vmap"]
                    return
                }
            }
            words = words.drop { $0 != "}" }.dropFirst()
        case "vmap", "&", "|", "^", "<", ">", "<=", ">=": conditions.append(.unknown)
        case "!=":
            words = words.dropFirst()
            conditions.append(.not(condition(of: values(), make)))
        default:
            if words.first == "==" { words = words.dropFirst() }
            conditions.append(condition(of: values(), make))
        }
    }

    private func condition(
        of values: [String], _ make: ([String]) -> PacketFilter.Condition
    ) -> PacketFilter.Condition {
        values.contains { $0.hasPrefix("@") } ? .unknown : make(values)
    }

    /// A value, or several in braces.
    private mutating func values() -> [String] {
        guard let first = words.popFirst() else { return [] }
        guard first == "{" else { return first.split(separator: ",").map(String.init) }
        var found: [String] = []
        while let word = words.popFirst(), word != "}" { found.append(word.filter { $0 != "," }) }
        return found
    }

    /// `VALUE : VERDICT, …}`: a rule each.
    private mutating func verdicts(_ make: ([String]) -> PacketFilter.Condition) {
        while let value = words.popFirst(), value != "}" {
            guard words.popFirst() == ":", let word = words.popFirst() else { break }
            let plain = word.filter { $0 != "," }
            if let next = words.first, ["jump", "goto"].contains(plain) {
                words[words.startIndex] = next.filter { $0 != "," }
            }
            rules.append(
                PacketFilter.Rule(conditions: conditions + [make([value])], verdict: verdict(plain)))
        }
        // What stands after a map is never come to by what was in it, and matches nothing by itself.
        words = []
    }
}
