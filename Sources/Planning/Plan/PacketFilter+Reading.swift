extension PacketFilter {
    /// What `iptables -S` prints: the filter of IPv4; nil where there is none.
    package static func iptables(_ lines: [String]) -> PacketFilter? {
        guard !lines.isEmpty else { return nil }
        var filter = PacketFilter(
            name: "iptables' chain INPUT", advice: "iptables -I INPUT MATCH -j ACCEPT", entry: "INPUT",
            dropsByDefault: false, chains: [:])
        for line in lines {
            var words = line.split(separator: " ").map(String.init)[...]
            switch words.popFirst() {
            case "-P" where words.first == "INPUT": filter.dropsByDefault = words.last != "ACCEPT"
            case "-A":
                guard let chain = words.popFirst() else { continue }
                filter.chains[chain, default: []].append(iptablesRule(words))
            default: continue
            }
        }
        return filter
    }

    private static func iptablesRule(_ words: ArraySlice<String>) -> Rule {
        var rule = Rule()
        var words = words
        while let word = words.popFirst() {
            switch word {
            case "!":
                // The opposite of what follows.
                rule.conditions.append(.unknown)
                _ = words.popFirst()
                _ = words.popFirst()
            case "-p": rule.conditions.append(.transport([transport(words.popFirst() ?? "")]))
            case "-i": rule.conditions.append(.nic(words.popFirst() ?? ""))
            case "-m", "--reject-with": _ = words.popFirst()
            case "--dport", "--dports":
                let ranges = (words.popFirst() ?? "").split(separator: ",").map { ports($0) }
                rule.conditions.append(ranges.contains { $0 == nil } ? .unknown : .ports(ranges.compactMap { $0 }))
            case "--ctstate", "--state":
                rule.conditions.append(
                    .states((words.popFirst() ?? "").lowercased().split(separator: ",").map(String.init)))
            case "--comment":
                // One word, or several in quotes.
                guard let first = words.popFirst(), first.hasPrefix("\"") else { continue }
                var last = first
                while last == "\"" || !last.hasSuffix("\""), let next = words.popFirst() { last = next }
            case "-j", "-g":
                switch words.popFirst() {
                case "ACCEPT": rule.verdict = .accept
                case "DROP", "REJECT": rule.verdict = .drop
                case "RETURN": rule.verdict = .leave
                case "LOG", "NFLOG", "MARK", "CONNMARK", nil: break
                case let chain?: rule.verdict = .jump(chain)
                }
            default: rule.conditions.append(.unknown)
            }
        }
        return rule
    }

    /// What `nft -nn list ruleset` prints, blanks at the beginnings of lines apart: a filter for each chain of the hook `input`.
    ///
    /// - Parameter skipsIPTables: leave out the table in which iptables keeps its own.
    package static func nftables(_ lines: [String], skipsIPTables: Bool = false) -> [PacketFilter] {
        var filters: [PacketFilter] = []
        var tables: [String: [String: [Rule]]] = [:]
        var table = ""
        var chain = ""
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case "table" where words.count >= 3:
                (table, chain) = ("\(words[1]) \(words[2])", "")
                tables[table] = [:]
            case "chain" where words.count >= 2:
                chain = words[1]
                tables[table]?[chain] = []
            case "type" where words.contains("hook"):
                guard words.firstIndex(of: "hook").map({ words.dropFirst($0 + 1).first }) == "input",
                    !table.hasPrefix("ip6 "),
                    !(skipsIPTables && table == "ip filter")
                else { continue }
                filters.append(
                    PacketFilter(
                        name: "chain \(chain) of nftables' table \(table)",
                        advice: "nft insert rule \(table) \(chain) MATCH accept", entry: chain,
                        dropsByDefault: line.contains("policy drop"), chains: [table: []]))
            case "}" where !chain.isEmpty: chain = ""
            case nil, "}": continue
            default: if !chain.isEmpty { tables[table]?[chain]?.append(nftablesRule(words)) }
            }
        }
        return filters.map { filter in
            var filter = filter
            filter.chains = filter.chains.keys.first.flatMap { tables[$0] } ?? [:]
            return filter
        }
    }

    private static func nftablesRule(_ words: [String]) -> Rule {
        var rule = Rule()
        var words = words[...]
        /// A value, or several in braces.
        func values() -> [String] {
            guard let first = words.popFirst() else { return [] }
            guard first == "{" else { return first.split(separator: ",").map(String.init) }
            var found: [String] = []
            while let word = words.popFirst(), word != "}" { found.append(word.filter { $0 != "," }) }
            return found
        }
        func add(_ make: ([String]) -> Condition) {
            let isNegated = words.first == "!="
            if isNegated { words.removeFirst() }
            let found = values()
            rule.conditions.append(isNegated ? .unknown : make(found))
        }
        while let word = words.popFirst() {
            switch word {
            case "meta", "ip", "ct", "iif", "iifname", "tcp", "udp", "ip6", "icmp", "icmpv6", "th":
                let field = ["iif", "iifname"].contains(word) ? word : "\(word) \(words.popFirst() ?? "")"
                switch field {
                case "meta l4proto", "ip protocol": add { .transport($0.map { transport($0) }) }
                case "ct state": add { .states($0) }
                case "iif", "iifname", "meta iif", "meta iifname":
                    add { $0.count == 1 ? .nic($0[0].filter { $0 != "\"" }) : .unknown }
                case "tcp dport", "udp dport", "th dport":
                    if word != "th" { rule.conditions.append(.transport([word])) }
                    add { words in
                        let ranges = words.map { ports($0) }
                        return ranges.contains { $0 == nil } ? .unknown : .ports(ranges.compactMap { $0 })
                    }
                case "meta nfproto":
                    let families = values()
                    // Of IPv6 alone.
                    if !families.contains("ipv4"), !families.contains("2") { rule.conditions.append(.transport([])) }
                case "tcp flags", "tcp sport", "udp sport":
                    rule.conditions.append(.transport([word]))
                    add { _ in .unknown }
                case _ where ["ip6", "icmpv6", "icmp"].contains(word): add { _ in .transport([word]) }
                default: add { _ in .unknown }
                }
            case "counter":
                if words.first == "packets" { words = words.dropFirst(4) }
            case "log", "comment":
                words = words.drop { !["accept", "drop", "reject", "jump", "goto", "return"].contains($0) }
            case "accept": rule.verdict = .accept
            case "drop", "reject": rule.verdict = .drop
            case "return": rule.verdict = .leave
            case "jump", "goto": rule.verdict = words.popFirst().map { .jump($0) }
            case "with": words = []
            case "#": words = []
            default: rule.conditions.append(.unknown)
            }
        }
        return rule
    }
}
