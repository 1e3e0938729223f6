extension Interpreter {
    mutating func interface(_ statement: Statement) -> String? {
        guard let word = argument(statement, "the name of a NIC") else { return nil }
        if word.text == "lo" {
            error(word, "`lo` reaches no other host; use the NIC that leads to them")
            return nil
        }
        return interface(word)
    }

    /// The kernel's limit is 15 octets.
    mutating func interface(_ word: Word) -> String? {
        guard (1...15).contains(word.text.utf8.count), !word.text.contains("/") else {
            error(word, "`\(word.shown)` cannot be the name of a NIC, which has 15 characters at most")
            return nil
        }
        return word.text
    }

    /// `auth_type PASS` and `auth_pass`. No message quotes a word of this block: any of them may be the password.
    mutating func authentication(_ statement: Statement) -> AuthenticationDefinition? {
        var password: String?
        var hasType = false
        let lines = lines(statement)
        for line in lines {
            switch line.keyword.text {
            case "auth_type":
                hasType = true
                if line.arguments.map({ $0.text }) == ["AH"] {
                    error(
                        line.keyword, "`auth_type AH` is not supported; RFC 5798 has withdrawn it: use PASS, or none",
                        .notDoneHere)
                } else if line.arguments.map({ $0.text }) != ["PASS"] {
                    error(line.keyword, "`auth_type` is PASS")
                }
            case "auth_pass":
                guard let word = line.arguments.first, line.arguments.count == 1, !word.text.isEmpty else {
                    error(line.keyword, "`auth_pass` takes one word; put a password with blanks in quotes")
                    password = ""
                    continue
                }
                if word.text.utf8.count > 8 {
                    warn(
                        line.keyword,
                        "the password is longer than 8 characters: only the first 8 are sent and compared",
                        .longPassword)
                }
                if password != nil { warn(line.keyword, "`auth_pass` stands here twice: this one counts") }
                password = word.text
            default: error(line.keyword, "unknown keyword in authentication; it has auth_type and auth_pass")
            }
        }
        guard statement.block != nil else { return nil }
        guard let password else {
            error(statement.keyword, "`authentication` needs `auth_pass`; add it, or remove the block")
            return nil
        }
        if !hasType {
            error(
                statement.keyword,
                "without `auth_type PASS` keepalived sends no password; add it, or remove the block")
        }
        return password.isEmpty ? nil : AuthenticationDefinition(password: password)
    }

    /// `ADDRESS [min_ttl N] [max_ttl N]`.
    mutating func unicastPeer(_ line: Statement, into target: inout InstanceDefinition) {
        guard let address = address(line.keyword) else { return }
        target.unicastPeers.append(address)
        var (least, most) = (0, 255)
        var rest = line.arguments
        while let option = rest.popFirst() {
            guard option.text == "min_ttl" || option.text == "max_ttl" else {
                return error(
                    option, "behind a peer's address only `min_ttl N` and `max_ttl N` may stand, not `\(option.shown)`")
            }
            guard let value = rest.popFirst() else {
                return error(option, "`\(option.text)` needs a number from 0 to 255 behind it")
            }
            guard let number = integer(value, 0...255, what: "`\(option.text)`") else { return }
            if option.text == "min_ttl" { least = number } else { most = number }
        }
        guard line.arguments.count > 0 else { return }
        guard least <= most else {
            return error(line.keyword, "min_ttl \(least) is above max_ttl \(most): nothing would be heard of this peer")
        }
        target.peerHopLimits[address] = UInt8(least)...UInt8(most)
    }

    /// `use_vmac`, which can only be left out.
    mutating func virtualMAC(_ statement: Statement) {
        if let word = statement.arguments.first, ["false", "no", "off", "0"].contains(word.text.lowercased()) {
            warn(
                statement.keyword,
                "`use_vmac` counts in keepalived whatever stands behind it; it is ignored here: remove the line",
                .notDoneHere)
        } else {
            error(
                statement.keyword, "`use_vmac` is not supported: virtual MAC addresses are not made; remove it",
                .notDoneHere)
        }
    }

    mutating func virtualAddresses(_ statement: Statement) -> [AddressDefinition] {
        lines(statement).compactMap { virtualAddress($0) }
    }

    /// `ADDRESS[/PREFIX] [brd ADDRESS] [dev NIC] [scope SCOPE] [label LABEL]`.
    private mutating func virtualAddress(_ line: Statement) -> AddressDefinition? {
        let word = line.keyword
        let parts = word.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else {
            error(word, "`\(word.shown)` is not an IP address with a prefix length such as 192.0.2.1/24")
            return nil
        }
        var definition = AddressDefinition(address: address)
        if parts.count == 2 {
            let longest = address.family.addressLength * 8
            guard let length = UInt8(parts[1]), length <= longest, !parts[1].hasPrefix("+") else {
                error(word, "the prefix length of `\(word.shown)` is a whole number from 0 to \(longest)")
                return nil
            }
            definition.prefixLength = length
        }
        var rest = line.arguments
        var seen = Set<String>()
        while let option = rest.popFirst() {
            if !seen.insert(option.text).inserted { error(option, "`\(option.shown)` stands here twice; remove one") }
            read(option, &rest, into: &definition)
        }
        return definition
    }

    private mutating func read(_ option: Word, _ rest: inout ArraySlice<Word>, into definition: inout AddressDefinition)
    {
        switch option.text {
        case "dev", "label", "brd", "broadcast", "scope":
            guard let value = rest.popFirst() else {
                return error(option, "`\(option.text)` needs a value behind it")
            }
            switch option.text {
            case "dev": definition.interface = interface(value)
            case "label": definition.label = label(value, of: definition.address)
            case "scope": scope(value, of: definition.address)
            default: broadcast(value, option, of: definition)
            }
        case "home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin":
            warn(option, "`\(option.text)` is ignored: it does not change where the address is", .notDoneHere)
        case "no_track", "peer", "preferred_lft", "use_vmac", "track_group":
            error(option, "`\(option.text)` of a virtual address is not supported; remove it", .notDoneHere)
        default:
            error(
                option,
                "unknown option `\(option.shown)` of a virtual address; it has dev, label, brd and scope, and "
                    + "another address stands in a line of its own")
        }
    }

    private mutating func label(_ value: Word, of address: IPAddress) -> String? {
        if address.family == .ipv6 {
            error(value, "an IPv6 address has no label; remove it")
        } else if !(1...15).contains(value.text.utf8.count) {
            error(value, "a label has 15 characters at most")
        } else {
            return value.text
        }
        return nil
    }

    private mutating func scope(_ value: Word, of address: IPAddress) {
        if address.family == .ipv6 {
            error(value, "an IPv6 address has the scope that its first bits say; remove it")
        } else if ["site", "link", "host", "nowhere"].contains(value.text) || UInt8(value.text) != nil {
            warn(value, "`scope` is ignored: virtual addresses are global", .notDoneHere)
        } else if value.text != "global" {
            error(value, "`\(value.shown)` is no scope; it is global, site, link, host or nowhere")
        }
    }

    private mutating func broadcast(_ value: Word, _ option: Word, of definition: AddressDefinition) {
        if definition.address.family == .ipv6 {
            error(option, "IPv6 has no broadcast; remove it")
        } else if ["+", "-"].contains(value.text) ? (definition.prefixLength ?? 32) <= 30 : isIPv4(value.text) {
            warn(
                option, "`\(option.text)` is ignored: a virtual address needs no broadcast address", .notDoneHere)
        } else {
            error(value, "`\(value.shown)` is no broadcast address of this network")
        }
    }

    private func isIPv4(_ text: String) -> Bool { IPAddress(text)?.family == .ipv4 }
}
