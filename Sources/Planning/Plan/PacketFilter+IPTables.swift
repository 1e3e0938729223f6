import VRRP

extension PacketFilter {
    /// The chains where packets come in or leave.
    static let builtInChains = ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"]

    /// Targets after which a packet goes on to the next rule.
    private static let passingTargets: Set = [
        "LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "SECMARK", "CONNSECMARK", "TRACE", "AUDIT", "CT", "NOTRACK", "SET",
        "TCPMSS", "TOS", "DSCP", "TTL", "CLASSIFY", "CHECKSUM", "RATEEST",
    ]

    /// What `iptables -S` prints: the filters of IPv4.
    ///
    /// - Parameter command: what printed it, such as `iptables-legacy -t raw`.
    package static func iptables(_ lines: [String], command: String) -> [PacketFilter] {
        var policies: [String: String] = [:]
        var chains: [String: [Rule]] = [:]
        for line in lines {
            var words = words(of: line)[...]
            guard let word = words.popFirst(), ["-P", "-N", "-A"].contains(word), let chain = words.popFirst() else {
                continue
            }
            if word == "-P" { policies[chain] = words.first }
            if word == "-A" {
                chains[chain, default: []].append(iptablesRule(words, chains: Set(chains.keys)))
            } else {
                chains[chain] = []
            }
        }
        return builtInChains.filter { policies[$0] != nil }.map { chain in
            PacketFilter(
                keeper: .iptables(command), entry: chain, isOutgoing: ["OUTPUT", "POSTROUTING"].contains(chain),
                dropsByDefault: policies[chain] == "DROP", chains: chains)
        }
    }

    private static func iptablesRule(_ words: ArraySlice<String>, chains: Set<String>) -> Rule {
        var rule = Rule()
        var words = words
        var isNegated = false
        func value() -> String { words.popFirst() ?? "" }
        func add(_ condition: Condition) {
            rule.conditions.append(isNegated ? .not(condition) : condition)
            isNegated = false
        }
        while let word = words.popFirst() {
            switch word {
            case "!": isNegated = true
            case "-p": add(.transport([transport(value())]))
            case "-i", "-o": add(.nic([value()]))
            case "-d": add(subnet(value()).map { .destination([$0]) } ?? .unknown)
            case "-m", "--reject-with", "--comment": _ = value()
            case "--dport", "--dports":
                let ranges = value().split(separator: ",").map { ports($0) }
                add(ranges.contains { $0 == nil } ? .unknown : .ports(ranges.compactMap { $0 }))
            case "--ctstate", "--state": add(.states(value().lowercased().split(separator: ",").map(String.init)))
            case "--pkt-type", "--dst-type": add(value().lowercased() == "multicast" ? .multicast : .unknown)
            case "-j", "-g":
                let target = value()
                switch target {
                case "ACCEPT": rule.verdict = .accept
                case "DROP", "REJECT": rule.verdict = .drop
                case "RETURN": rule.verdict = .leave
                case _ where chains.contains(target): rule.verdict = word == "-j" ? .jump(target) : .goto(target)
                case _ where passingTargets.contains(target): break
                // To a program, or elsewhere.
                default: rule.verdict = .accept
                }
            default: add(.unknown)
            }
        }
        return rule
    }

    /// The words of a rule; what stands in quotes is one.
    static func words(of line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        var isEscaped = false
        for character in line {
            switch character {
            case _ where isEscaped:
                word.append(character)
                isEscaped = false
            case "\\": isEscaped = true
            case "\"": isQuoted.toggle()
            case " " where !isQuoted:
                if !word.isEmpty { words.append(word) }
                word = ""
            default: word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    /// Names of transports by what filters print, which may be numbers.
    static func transport(_ word: some StringProtocol) -> String {
        ["112": "vrrp", "6": "tcp", "17": "udp", "1": "icmp"][String(word)] ?? String(word)
    }

    /// `80`, `8000-8010`, `8000:8010`; nil for anything else.
    static func ports(_ word: some StringProtocol) -> ClosedRange<Int>? {
        let ends = word.split { "-:".contains($0) }.map { Int($0) }
        guard let first = ends.first, let low = first, let last = ends.last, let high = last, low <= high else {
            return nil
        }
        return low...high
    }

    /// `224.0.0.0/4`, `224.0.0.18`; nil for anything else.
    static func subnet(_ word: String) -> InterfaceAddress? {
        let parts = word.split { $0 == "/" }.map { String($0) }
        guard let first = parts.first, let address = IPAddress(first), address.family == AddressFamily.ipv4 else {
            return nil
        }
        guard let length = parts.count == 1 ? 32 : UInt8(parts[1]), length <= 32 else { return nil }
        return InterfaceAddress(address: address, prefixLength: length)
    }
}
