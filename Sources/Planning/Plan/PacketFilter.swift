/// What a host's packet filter does with packets that come in, as far as its rules tell. Pure.
///
/// Rules may hold anything. What is not understood about a packet is taken to be in its favour: a filter is said to drop only
/// what it surely drops.
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

        package init(_ transport: String, port: Int? = nil, nic: String) {
            self.transport = transport
            self.port = port
            self.nic = nic
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
        case jump(String)
    }

    package enum Condition: Sendable, Equatable {
        /// Names of transports.
        case transport([String])
        case ports([ClosedRange<Int>])
        case nic(String)
        /// Of connections: `new` is what counts.
        case states([String])
        /// Something else.
        case unknown
    }

    private enum Answer { case yes, no, perhaps }
    private enum Outcome { case accepted, dropped, passed }

    /// Whether it surely drops a packet.
    package func drops(_ packet: Packet) -> Bool {
        switch walk(entry, packet, depth: 0) {
        case .accepted: false
        case .dropped: true
        case .passed: dropsByDefault
        }
    }

    private func walk(_ chain: String, _ packet: Packet, depth: Int) -> Outcome {
        // Real filters have no loops and are not so deep.
        guard depth < 16 else { return .accepted }
        for rule in chains[chain] ?? [] {
            let answer = matches(rule, packet)
            guard answer != .no, let verdict = rule.verdict else { continue }
            switch verdict {
            case .accept: return .accepted
            case .drop: if answer == .yes { return .dropped }
            case .leave: if answer == .yes { return .passed }
            case .jump(let name):
                switch walk(name, packet, depth: depth + 1) {
                case .accepted: return .accepted
                case .dropped: if answer == .yes { return .dropped }
                case .passed: break
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
            case .nic(let name):
                holds =
                    name.last.map { "*+".contains($0) } == true
                    ? packet.nic.hasPrefix(name.dropLast()) : name == packet.nic
            case .states(let names): holds = names.contains("new")
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

    /// `80`, `8000-8010`, `8000:8010`; nil for anything else.
    static func ports(_ word: some StringProtocol) -> ClosedRange<Int>? {
        let ends = word.split { "-:".contains($0) }.map { Int($0) }
        guard let first = ends.first, let low = first, let last = ends.last, let high = last, low <= high else {
            return nil
        }
        return low...high
    }
}
