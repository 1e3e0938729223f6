/// The curves of RFC 5656 section 10.1, by their SSH names.
enum EllipticCurve: String, CaseIterable {
    case nistp256, nistp384, nistp521

    var opensslName: String {
        switch self {
        case .nistp256: "prime256v1"
        case .nistp384: "secp384r1"
        case .nistp521: "secp521r1"
        }
    }

    /// RFC 5480 section 2.1.1.1, encoded.
    var objectIdentifier: [UInt8] {
        switch self {
        case .nistp256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
        case .nistp384: [0x2b, 0x81, 0x04, 0x00, 0x22]
        case .nistp521: [0x2b, 0x81, 0x04, 0x00, 0x23]
        }
    }

    /// Bytes of a private number.
    var size: Int {
        switch self {
        case .nistp256: 32
        case .nistp384: 48
        case .nistp521: 66
        }
    }
}
