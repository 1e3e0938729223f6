import SSHWire

/// The first bytes that a server sends, in clear: its banner and the algorithms that it offers.
struct ServerGreeting {
    /// Enough for a banner and a KEXINIT of any server.
    static let limit = 8192
    private(set) var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        guard bytes.count < Self.limit else { return }
        bytes.append(contentsOf: more.prefix(Self.limit - bytes.count))
    }

    /// `SSH-2.0-…` without its line end; nil before it is complete. Other lines may precede it: RFC 4253 section 4.2.
    var banner: String? { bannerRange.map { String(decoding: bytes[$0], as: UTF8.self) } }

    /// The first line, made printable: what answers there, where it is not SSH.
    var firstLine: String {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.prefix(60)
        return String(
            decoding: line.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// What the server offers, in the order of RFC 4253 section 7.1: key exchange, host keys, ciphers to it and from
    /// it, MACs to it and from it. Nil where it has not said.
    var algorithms: [[String]]? {
        guard let bannerRange else { return nil }
        var reader = WireReader(bytes[bannerRange.upperBound...].drop { $0 == 13 || $0 == 10 })
        // Packet length, padding length, SSH_MSG_KEXINIT, cookie.
        guard reader.uint32() != nil, reader.byte() != nil, reader.byte() == 20, reader.take(16) != nil,
            case let lists = (0..<6).compactMap({ _ in reader.nameList() }), lists.count == 6
        else { return nil }
        return lists
    }

    private var bannerRange: Range<Int>? {
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if bytes[start..<end].starts(with: Array("SSH-".utf8)) {
                let trimmed = end > start && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
                return start..<trimmed
            }
            start = end + 1
        }
        return nil
    }
}
