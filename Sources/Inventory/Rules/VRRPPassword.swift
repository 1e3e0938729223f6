/// What VRRP version 2 and keepalived's reader make of a password (`auth_pass`).
package enum VRRPPassword {
    /// RFC 2338 section 5.3.6 leaves eight bytes for authentication data; keepalived cuts the rest off.
    package static let carriedLength = 8

    /// Why a password cannot be used, or nil where it can. The password itself is never part of the answer.
    package static func problem(_ password: String) -> String? {
        if password.isEmpty { return "is empty" }
        if password.utf8.count > 64 { return "is longer than 64 characters" }
        if password.utf8.contains(where: { $0 >= 0x80 }) { return "has characters outside ASCII" }
        if password.utf8.contains(where: { $0 < 0x21 || $0 == 0x7F }) {
            return "has spaces or control characters, which keepalived.conf cannot hold"
        }
        if password.utf8.contains(where: { forbidden.utf8.contains($0) }) {
            return "has one of the characters \(forbidden), which mean something else in keepalived.conf"
        }
        return nil
    }

    /// What to say of a password that version 2 does not carry whole; nil where it does.
    package static func warning(_ password: String) -> String? {
        let count = password.utf8.count
        guard count > carriedLength else { return nil }
        return "the VRRP password has \(count) characters; version 2 carries the first \(carriedLength) and keepalived "
            + "drops the other \(count - carriedLength)"
    }

    /// The part that VRRP version 2 sends.
    package static func carried(_ password: String) -> String { String(password.prefix(carriedLength)) }

    /// Comments (`#`, `!`), blocks, quotes, escapes, variables (`$`) and sequences (`~SEQ`), in one version or another.
    private static let forbidden = #"#!{}"'\$~`"#
}
