/// An IPv4 address.
public struct IPv4Address: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// In host byte order.
    public var value: UInt32

    /// From its 32 bits in host byte order.
    public init(value: UInt32) { self.value = value }

    /// Reads dotted decimal with four parts and no leading zeros; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard part.count <= 3, part.allSatisfy({ $0.isASCII && $0.isNumber }), let octet = UInt8(part),
                part == "0" || !part.hasPrefix("0")
            else { return nil }
            value = value << 8 | UInt32(octet)
        }
        self.value = value
    }

    /// The notation that people use.
    public var description: String {
        "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
    }

    /// Numeric order.
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.value < right.value }
}

extension InterfaceAddress: CustomStringConvertible {
    /// The notation that people use.
    public var description: String { "\(address)/\(prefixLength)" }

    /// The bits that all addresses of the subnet share.
    public var networkMask: UInt32 { prefixLength == 0 ? 0 : ~UInt32(0) << (32 - UInt32(prefixLength)) }

    /// Whether an address lies in this subnet.
    public func contains(_ other: IPv4Address) -> Bool {
        (address.value & networkMask) == (other.value & networkMask)
    }
}
