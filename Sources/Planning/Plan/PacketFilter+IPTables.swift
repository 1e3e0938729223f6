extension PacketFilter {
    /// What `iptables -S` prints: the filter of IPv4; nil where there is none.
    package static func iptables(_ lines: [String]) -> PacketFilter? {
        guard !lines.isEmpty else { return nil }
        var filter = PacketFilter(
            name: "iptables' chain INPUT", advice: "iptables -I INPUT MATCH -j ACCEPT", entry: "INPUT",
            dropsByDefault: false, chains: ["INPUT": []])
        for line in lines {
            var words = words(of: line)[...]
            switch words.popFirst() {
            case "-P" where words.first == "INPUT": filter.dropsByDefault = words.last != "ACCEPT"
            case "-N": if let chain = words.first { filter.chains[chain] = [] }
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
            case "-i": rule.conditions.append(.nics([words.popFirst() ?? ""]))
            case "-d": rule.conditions.append(destination([words.popFirst() ?? ""]))
            case "-m", "--reject-with", "--comment": _ = words.popFirst()
            case "--dport", "--dports":
                let ranges = (words.popFirst() ?? "").split(separator: ",").map { ports($0) }
                rule.conditions.append(ranges.contains { $0 == nil } ? .unknown : .ports(ranges.compactMap { $0 }))
            case "--ctstate", "--state":
                rule.conditions.append(
                    .states((words.popFirst() ?? "").lowercased().split(separator: ",").map(String.init)))
            case "-g": rule.verdict = words.popFirst().map { .go($0) }
            case "-j":
                switch words.popFirst() {
                case "ACCEPT": rule.verdict = .accept
                case "DROP", "REJECT": rule.verdict = .drop
                case "RETURN": rule.verdict = .leave
                // Whose options, which follow, are no conditions.
                case "LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "SET", "AUDIT", nil: return rule
                case let chain?: rule.verdict = .jump(chain)
                }
            default: rule.conditions.append(.unknown)
            }
        }
        return rule
    }
}
