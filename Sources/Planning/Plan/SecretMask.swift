import Texts

/// Hides secrets in text that is shown: values that are known, and what stands where configurations have a password.
package struct SecretMask: Sendable {
    private var values: [String]

    /// - Parameters:
    ///   - values: what must not appear, such as the VRRP password.
    ///   - steps: those whose contents are not shown at all: a program that refuses one may quote a line of it.
    package init(_ values: [String], hiding steps: [Step] = []) {
        self.values = values.filter { !$0.isEmpty }
        for case .change(let change) in steps where change.isSecret {
            guard case .bytes(let content) = change.content else { continue }
            let lines = String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline)
            // Of shorter ones, such as `}`, too much would match.
            self.values += lines.map { $0.trimmingBlanks() }.filter { $0.count >= 4 }
        }
    }

    package func masked(_ text: String) -> String {
        var masked = text
        for value in values { masked = masked.replacing(value, with: Self.stars) }
        guard Self.mayMatch(masked) else { return masked }
        for pattern in Self.patterns { masked = masked.replacing(pattern) { match in "\(match.1)\(Self.stars)" } }
        return masked.replacing(Self.credentialsOfURL) { match in "\(match.1)\(Self.stars)@" }
    }

    private static let stars = "********"

    /// Whether any of the patterns below may match: each has one of these words in it. Most texts have none, and a pattern takes
    /// a hundred times as long.
    private static func mayMatch(_ text: String) -> Bool {
        var last: UInt32 = 0
        for byte in text.utf8 {
            // Letters that are the same but for their case need not be of ASCII.
            guard byte < 0x80 else { return true }
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            last = last << 8 | UInt32(isUpper ? byte | 0x20 : byte)
            if fourLetters.contains(last) || threeLetters.contains(last & 0xFF_FFFF) { return true }
        }
        return false
    }

    private static func number(_ word: StaticString) -> UInt32 {
        word.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }
    private static let fourLetters = [number("pass"), number("secr"), number("auth"), number("toke")]
    private static let threeLetters = [number("api"), number("key"), number("://")]

    /// keepalived's and HAProxy's ways to write a password, up to the line's end: the key stands anywhere in a line, perhaps
    /// in quotes, and a backslash may carry the value to the next one. By scalars: a carriage return and the newline after
    /// it are one character, as in files from elsewhere.
    private static var patterns: [Regex<(Substring, Substring)>] {
        [
            /((?i:auth_pass|passw(?:or)?d|passphrase|secret|api[_-]?key|\bstats["']?[ \t]+["']?auth)["']?(?:[ \t:=]|\\\r?\n)+)(?:\\\r?\n|[^\r\n])+/,
            // Variables: keepalived's and systemd's `STATS_PASS=…`, HAProxy's `setenv STATS_PASS …`.
            /((?i:_pass|_auth|_token|_key)["']?[ \t]*=[ \t]*)[^\r\n]+/,
            /(setenv[ \t]+["']?(?i:\w*(?:pass|auth|token|key))\w*["']?[ \t]+)[^\r\n]+/,
            // What HAProxy's checks and rules send: `Authorization:\ Basic\ …`, and Redis's `AUTH\ …`.
            /((?i:authorization)["']?[ \t:\\]+)[^\r\n]+/,
            /(\bsend(?:-lf)?[ \t]+["']?AUTH[ \t\\]+)[^\r\n]+/,
        ].map { $0.matchingSemantics(.unicodeScalar) }
    }

    /// `scheme://user:password@host`
    private static var credentialsOfURL: Regex<(Substring, Substring)> { /(:\/\/[^\s\/:@]*:)[^\s\/@]+@/ }
}

extension SecretMask {
    /// Whether a content holds a private key in any of the armours that name themselves: PEM and OpenSSH, PGP, SSH2, PuTTY.
    package static func holdsPrivateKey(_ content: [UInt8]) -> Bool {
        let text = String(decoding: content, as: UTF8.self)
        return text.contains(/(?i)-{4,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY|\bPrivate-Lines:/)
    }
}
