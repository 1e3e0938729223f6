extension Advertisement {
    /// The message as it stands behind the IP header, checksum included.
    ///
    /// - Parameters:
    ///   - source: the address that it is sent from, for the pseudo-header.
    ///   - destination: the multicast group or a peer, likewise.
    ///   - checksum: for version 3 over IPv4.
    public func encoded(from source: IPAddress, to destination: IPAddress, checksum: IPv4Checksum) -> [UInt8] { [] }

    /// Reads what came behind the IP header; octets beyond the message's own length are ignored, as keepalived does.
    ///
    /// - Parameters:
    ///   - octets: without the IP header.
    ///   - source: who sent it.
    ///   - destination: whom it was sent to.
    /// - Returns: the advertisement, and which checksum was found right.
    public static func decode(
        _ octets: RawSpan, from source: IPAddress, to destination: IPAddress
    ) throws(DecodeError) -> (advertisement: Advertisement, checksum: IPv4Checksum) {
        throw .truncated(length: octets.byteCount, needed: 8)
    }
}
