import VRRP

/// What a chain of a host's packet filter does with packets that come in or leave, as far as its rules tell. Pure.
///
/// Rules may hold anything. What is not understood about a packet is taken to be in its favour: a filter is said to drop only
/// what it surely drops, and where it may let it pass by rules that are not understood alone, it is not judged.
package struct PacketFilter: Sendable, Equatable {
    package var keeper: Keeper
    /// The chain that packets come to first.
    package var entry: String
    /// Whether that is where packets leave.
    package var isOutgoing = false
    /// The NICs that it is for; empty where it is for all.
    package var nics: [String] = []
    /// Whether packets that come to the entry's end are dropped.
    package var dropsByDefault = false
    package var chains: [String: [Rule]] = [:]

    /// Who keeps the rules.
    package enum Keeper: Sendable, Equatable {
        /// The command that shows and changes them, such as `iptables -t raw`.
        case iptables(String)
        /// The table, such as `inet filter`.
        case nftables(String)
    }

    /// A packet, as far as rules may ask.
    package struct Packet: Sendable, Equatable {
        /// `vrrp`, `tcp` or `udp`.
        package var transport: String
        package var port: Int?
        package var nic: String
        /// Whether it goes to the group of VRRP, and not to a single address.
        package var isMulticast: Bool

        package init(_ transport: String, port: Int? = nil, nic: String, isMulticast: Bool = false) {
            self.transport = transport
            self.port = port
            self.nic = nic
            self.isMulticast = isMulticast
        }
    }

    package struct Rule: Sendable, Equatable {
        package var conditions: [Condition] = []
        package var verdict: Verdict?
    }

    package enum Verdict: Sendable, Equatable {
        case accept, drop, leave
        case jump(String)
        /// Nothing comes back to the rules after this one.
        case goto(String)
    }

    package indirect enum Condition: Sendable, Equatable {
        /// Names of transports.
        case transport([String])
        case ports([ClosedRange<Int>])
        /// Names, which may end in `*` or `+`.
        case nic([String])
        /// Of connections: `new` is what counts.
        case states([String])
        case destination([InterfaceAddress])
        case multicast
        case not(Condition)
        /// Something else.
        case unknown
    }

    private enum Answer { case yes, no, perhaps }

    /// What may become of a packet in a chain.
    private struct Outcomes: OptionSet {
        var rawValue: Int
        static let accepted = Outcomes(rawValue: 1)
        static let dropped = Outcomes(rawValue: 2)
        /// It comes to the chain's end.
        static let passed = Outcomes(rawValue: 4)
    }

    /// What becomes of a packet.
    package enum Judgement: Sendable, Equatable { case passes, drops, unknown }

    /// What surely becomes of a packet, if anything.
    package func judge(_ packet: Packet) -> Judgement {
        guard nics.isEmpty || nics.contains(packet.nic) else { return .passes }
        if drops(walk(entry, packet, isDoubting: true)) { return .drops }
        return drops(walk(entry, packet, isDoubting: false)) ? .unknown : .passes
    }

    private func drops(_ outcomes: Outcomes) -> Bool {
        !outcomes.contains(.accepted) && (dropsByDefault || !outcomes.contains(.passed))
    }

    /// - Parameter isDoubting: whether what is not understood may be so or not, rather than not.
    private func walk(_ chain: String, _ packet: Packet, isDoubting: Bool, depth: Int = 0) -> Outcomes {
        // Real filters have no loops and are not so deep.
        guard depth < 16, let rules = chains[chain] else { return .accepted }
        var found: Outcomes = []
        for rule in rules {
            let answer = answer(of: rule.conditions, packet)
            guard answer == .yes || (answer == .perhaps && isDoubting), let verdict = rule.verdict else { continue }
            let outcomes: Outcomes
            var goesOn = answer == .perhaps
            switch verdict {
            case .accept: outcomes = .accepted
            case .drop: outcomes = .dropped
            case .leave: outcomes = .passed
            case .goto(let name): outcomes = walk(name, packet, isDoubting: isDoubting, depth: depth + 1)
            case .jump(let name):
                let there = walk(name, packet, isDoubting: isDoubting, depth: depth + 1)
                goesOn = goesOn || there.contains(.passed)
                outcomes = there.subtracting(.passed)
            }
            found.formUnion(outcomes)
            if !goesOn { return found }
        }
        return found.union(.passed)
    }

    private func answer(of conditions: [Condition], _ packet: Packet) -> Answer {
        let answers = conditions.map { answer(of: $0, packet) }
        return answers.contains(.no) ? .no : answers.contains(.perhaps) ? .perhaps : .yes
    }

    private func answer(of condition: Condition, _ packet: Packet) -> Answer {
        let holds: Bool
        switch condition {
        case .transport(let names): holds = names.contains(packet.transport)
        case .ports(let ranges): holds = packet.port.map { port in ranges.contains { $0.contains(port) } } ?? false
        case .nic(let names):
            holds = names.contains { name in
                name.last.map { "*+".contains($0) } == true
                    ? packet.nic.hasPrefix(name.dropLast()) : name == packet.nic
            }
        case .states(let names): holds = names.contains("new")
        case .destination(let subnets):
            guard packet.isMulticast else { return .perhaps }
            holds = subnets.contains { $0.contains(AddressFamily.ipv4.multicastGroup) }
        case .multicast:
            guard packet.isMulticast || packet.transport == "tcp" else { return .perhaps }
            holds = packet.isMulticast
        case .not(let other):
            return switch answer(of: other, packet) {
            case .yes: .no
            case .no: .yes
            case .perhaps: .perhaps
            }
        case .unknown: return .perhaps
        }
        return holds ? .yes : .no
    }
}

/// What people are told.
extension PacketFilter {
    /// Such as `chain input of nftables' table inet filter`.
    package var name: String {
        switch keeper {
        case .iptables(let command): "chain \(entry) of `\(command)`"
        case .nftables(let table): "chain \(entry) of nftables' table \(table)"
        }
    }

    /// The line that lets a packet pass this filter, for a shell.
    package func line(admitting packet: Packet) -> String {
        switch keeper {
        case .iptables(let command):
            let match =
                packet.port.map { "-p \(packet.transport) --dport \($0)" }
                ?? "\(isOutgoing ? "-o" : "-i") \(packet.nic) -p 112"
            return "\(command) -I \(entry) \(match) -j ACCEPT"
        case .nftables(let table):
            let nic = nics.isEmpty ? "\(isOutgoing ? "oifname" : "iifname") \"\(packet.nic)\" " : ""
            let match = packet.port.map { "\(packet.transport) dport \($0)" } ?? "\(nic)meta l4proto 112"
            return "nft insert rule \(table) \(entry) \(match) accept"
        }
    }
}
