/// Why octets are no advertisement.
package enum DecodeError: Error, Sendable, Hashable {
    /// Shorter than it says.
    case truncated(length: Int, needed: Int)
    /// Neither 2 nor 3, or 2 over IPv6.
    case unsupportedVersion(UInt8)
    /// Not 1, the only type there is.
    case unsupportedType(UInt8)
    /// The sum is not right in any way that is accepted.
    case wrongChecksum
    /// 0 is no virtual router's.
    case zeroVirtualRouterID
    /// No addresses, which version 3 does not allow (RFC 5798 section 5.2.5).
    case noAddresses
    /// An interval of zero.
    case zeroInterval
}
