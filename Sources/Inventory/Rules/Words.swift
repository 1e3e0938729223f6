/// What words of the inventory may consist of, since they end up in configuration files, paths and commands.
enum Words {
    /// Names of clusters, hosts, frontends and backends.
    static func isName(_ text: String) -> Bool {
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, isAlphanumeric(first) else {
            return false
        }
        return text.utf8.allSatisfy { isAlphanumeric($0) || isOne(of: "._-", $0) }
    }

    static let nameRule = "1 to 63 letters, digits, `.`, `_` and `-`, the first a letter or a digit"

    /// Names of NICs: `IFNAMSIZ` is 16 with the closing NUL, and `:` would be an alias.
    static func isInterface(_ text: String) -> Bool {
        (1...15).contains(text.utf8.count) && text != "." && text != ".." && !text.hasPrefix("-")
            && text.utf8.allSatisfy { isAlphanumeric($0) || isOne(of: "._-", $0) }
    }

    /// Names of users, as far as they can be told from options and from more than one word.
    static func isUser(_ text: String) -> Bool {
        !text.isEmpty && isPrintable(text) && !text.contains(where: \.isWhitespace) && !text.hasPrefix("-")
    }

    /// Addresses and names of hosts.
    static func isHost(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("-") && text.utf8.allSatisfy { isAlphanumeric($0) || isOne(of: "._-:%", $0) }
    }

    /// Names of environment variables.
    static func isVariable(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || isOne(of: "_", $0) }
    }

    /// Digits and dots, at least one of these, perhaps a suffix as in `2.0-dev3` or `3.0.0rc1`.
    static func isVersion(_ text: String) -> Bool {
        text.utf8.count <= 32 && text.wholeMatch(of: /[0-9]+(\.[0-9]+)+(-?[A-Za-z][A-Za-z0-9]*)?/) != nil
    }

    /// Free of what would end a line or hide in it.
    static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format: false
            default: true
            }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isOne(of text: String, _ byte: UInt8) -> Bool { text.utf8.contains(byte) }
}
