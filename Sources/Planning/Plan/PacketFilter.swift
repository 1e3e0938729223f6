import VRRP

/// What a host's packet filter does with packets that come in, as far as its rules tell. Pure.
///
/// Rules may hold anything. What is not understood about a packet is taken to be in its favour: a filter is said to drop only
/// what it surely drops, and where it may let a packet in by a rule that is not understood, it is not judged.
package struct PacketFilter: Sendable, Equatable {
    /// For people, such as `chain input of nftables' table inet filter`.
    package var name: String
    /// What lets packets in, `MATCH` standing for what they are: `nft insert rule inet filter input MATCH accept`.
    package var advice: String
    /// The chain that packets come to first.
    package var entry: String
    /// Whether packets that come to the entry's end are dropped.
    package var dropsByDefault: Bool
    package var chains: [String: [Rule]]

    /// A packet, as far as rules may ask.
    package struct Packet: Sendable, Equatable {
        /// `vrrp`, `tcp` or `udp`.
        package var transport: String
        package var port: Int?
        package var nic: String
        /// Nil where it may be one of several.
        package var destination: IPAddress?

        package init(_ transport: String, port: Int? = nil, nic: String, destination: IPAddress? = nil) {
            self.transport = transport
            self.port = port
            self.nic = nic
            self.destination = destination
        }
    }

    package struct Rule: Sendable, Equatable {
        package var conditions: [Condition] = []
        package var verdict: Verdict?

        package init(_ conditions: [Condition] = [], _ verdict: Verdict? = nil) {
            self.conditions = conditions
            self.verdict = verdict
        }
    }

    package enum Verdict: Sendable, Equatable {
        case accept, drop, leave
        /// Goes on in another chain, and comes back at its end.
        case jump(String)
        /// Goes on in another chain, whose end is that of this one.
        case go(String)
        /// Depends on what is not listed, such as a named map.
        case unknown
    }

    package enum Condition: Sendable, Equatable {
        /// Names of transports.
        case transport([String])
        case ports([ClosedRange<Int>])
        case nics([String])
        case destination([InterfaceAddress])
        /// Of connections: `new` is what counts.
        case states([String])
        /// Something else.
        case unknown
    }

    /// What becomes of a packet.
    package enum Judgement: Sendable, Equatable { case letIn, dropped, unknown }

    private enum Answer { case yes, no, perhaps }
    private enum Outcome { case accepted, dropped, passed }

    /// What surely becomes of a packet, if anything.
    package func judge(_ packet: Packet) -> Judgement {
        var isDoubtful = false
        let outcome = walk(entry, packet, depth: 0, &isDoubtful)
        guard outcome == .dropped || (outcome == .passed && dropsByDefault) else { return .letIn }
        return isDoubtful ? .unknown : .dropped
    }

    /// - Parameter isDoubtful: becomes true where it may have been let in, or gone another way, by what is not understood.
    private func walk(_ chain: String, _ packet: Packet, depth: Int, _ isDoubtful: inout Bool) -> Outcome {
        // Real filters have no loops and are not so deep.
        guard depth < 16, let rules = chains[chain] else {
            isDoubtful = true
            return .passed
        }
        for rule in rules {
            let answer = matches(rule, packet)
            guard answer != .no, let verdict = rule.verdict else { continue }
            switch verdict {
            case .accept:
                if answer == .yes { return .accepted }
                isDoubtful = true
            case .drop: if answer == .yes { return .dropped }
            case .leave:
                if answer == .yes { return .passed }
                isDoubtful = true
            case .unknown: isDoubtful = true
            case .jump(let name), .go(let name):
                var isUnsure = false
                let outcome = walk(name, packet, depth: depth + 1, &isUnsure)
                if answer == .yes {
                    isDoubtful = isDoubtful || isUnsure
                    if outcome != .passed || verdict == .go(name) { return outcome }
                } else if isUnsure || outcome == .accepted || verdict == .go(name) {
                    isDoubtful = true
                }
            }
        }
        return .passed
    }

    private func matches(_ rule: Rule, _ packet: Packet) -> Answer {
        var answer = Answer.yes
        for condition in rule.conditions {
            let holds: Bool
            switch condition {
            case .transport(let names): holds = names.contains(packet.transport)
            case .ports(let ranges): holds = packet.port.map { port in ranges.contains { $0.contains(port) } } ?? false
            case .nics(let names):
                holds = names.contains { name in
                    name.last.map { "*+".contains($0) } == true
                        ? packet.nic.hasPrefix(name.dropLast()) : name == packet.nic
                }
            case .states(let names): holds = names.contains("new")
            case .destination(let networks):
                guard let address = packet.destination else {
                    answer = .perhaps
                    continue
                }
                holds = networks.contains { $0.contains(address) }
            case .unknown:
                answer = .perhaps
                continue
            }
            if !holds { return .no }
        }
        return answer
    }

    /// Names of transports by what filters print, which may be numbers.
    static func transport(_ word: some StringProtocol) -> String {
        ["112": "vrrp", "6": "tcp", "17": "udp", "1": "icmp"][String(word)] ?? String(word)
    }

    /// The condition that a packet goes to one of these addresses or networks.
    static func destination(_ words: [String]) -> Condition {
        let networks = words.map { word -> InterfaceAddress? in
            let parts = word.split(separator: "/", maxSplits: 1)
            guard let address = parts.first.flatMap({ IPAddress(String($0)) }), address.family == .ipv4,
                let length = parts.count == 2 ? UInt8(parts[1]) : 32, length <= 32
            else { return nil }
            return InterfaceAddress(address: address, prefixLength: length)
        }
        return networks.contains { $0 == nil } ? .unknown : .destination(networks.compactMap { $0 })
    }

    /// The words of a line; what stands in quotes is one word, quotes included.
    static func words(of line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var (isQuoted, isEscaped) = (false, false)
        for character in line {
            if character == " ", !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            word.append(character)
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped
        }
        return word.isEmpty ? words : words + [word]
    }

    /// `80`, `8000-8010`, `8000:8010`; nil for anything else.
    static func ports(_ word: some StringProtocol) -> ClosedRange<Int>? {
        let ends = word.split { "-:".contains($0) }.map { Int($0) }
        guard let first = ends.first, let low = first, let last = ends.last, let high = last, low <= high else {
            return nil
        }
        return low...high
    }
}
