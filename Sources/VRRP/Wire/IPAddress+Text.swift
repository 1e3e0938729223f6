extension IPAddress: LosslessStringConvertible {
    /// Reads dotted IPv4 (four decimal numbers without leading zeros) or IPv6 in any form of RFC 4291 section 2.2; nil for
    /// anything else, zones and prefix lengths included.
    package init?(_ text: String) {
        let octets = Array(text.utf8.prefix(Self.longestText + 1))
        guard octets.count <= Self.longestText else { return nil }
        if octets.contains(UInt8(ascii: ":")) {
            guard let groups = Self.groups(octets[...]) else { return nil }
            self = .v6(Self.word(groups[0..<4]), Self.word(groups[4..<8]))
        } else {
            guard let address = Self.dotted(octets[...]) else { return nil }
            self = .v4(address)
        }
    }

    /// Dotted IPv4, or IPv6 in the form of RFC 5952: lower case, the first longest run of zero groups shortened, an
    /// IPv4-mapped address with its last part dotted.
    package var description: String {
        switch self {
        case .v4(let address): Self.dotted(address)
        case .v6(0, let low) where low >> 32 == 0xFFFF: "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: low))
        case .v6(let high, let low): Self.groups(high, low)
        }
    }

    /// `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`
    private static let longestText = 45

    private static func dotted(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var number: UInt32 = 0
            for character in part {
                guard case UInt8(ascii: "0")...UInt8(ascii: "9") = character else { return nil }
                number = number * 10 + UInt32(character - UInt8(ascii: "0"))
            }
            guard number <= 255 else { return nil }
            address = address << 8 | number
        }
        return address
    }

    /// The eight groups of an IPv6 address.
    private static func groups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
        guard let gap = gap(in: text) else {
            guard let groups = run(text, allowingDotted: true), groups.count == 8 else { return nil }
            return groups
        }
        let before = text[..<gap], after = text[(gap + 2)...]
        guard let head = before.isEmpty ? [] : run(before, allowingDotted: false),
            let tail = after.isEmpty ? [] : run(after, allowingDotted: true), head.count + tail.count <= 7
        else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    /// Where the first `::` begins; a second one is found by ``run(_:allowingDotted:)``, as an empty group.
    private static func gap(in text: ArraySlice<UInt8>) -> Int? {
        text.indices.dropLast().first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
    }

    private static func run(_ text: ArraySlice<UInt8>, allowingDotted: Bool) -> [UInt16]? {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (position, part) in parts.enumerated() {
            if part.contains(UInt8(ascii: ".")) {
                guard allowingDotted, position == parts.count - 1, let address = dotted(part) else { return nil }
                groups += [UInt16(address >> 16), UInt16(truncatingIfNeeded: address)]
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var group: UInt16 = 0
            for character in part {
                guard let digit = hexadecimal(character) else { return nil }
                group = group << 4 | digit
            }
            groups.append(group)
        }
        return groups
    }

    private static func hexadecimal(_ character: UInt8) -> UInt16? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(character - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(character - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(character - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private static func word(_ groups: ArraySlice<UInt16>) -> UInt64 {
        groups.reduce(0) { $0 << 16 | UInt64($1) }
    }

    private static func dotted(_ address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 0xFF).\(address >> 8 & 0xFF).\(address & 0xFF)"
    }

    private static func groups(_ high: UInt64, _ low: UInt64) -> String {
        let groups = [high, low].flatMap { word in
            [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: word >> UInt64($0)) }
        }
        let zeros = longestZeros(in: groups)
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard zeros.count > 1 else { return text(groups[...]) }
        return text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
    }

    /// The first of the longest runs of zero groups (RFC 5952 section 4.2.3).
    private static func longestZeros(in groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in groups.indices {
            if groups[index] != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<(index + 1)
            }
        }
        return longest
    }
}
