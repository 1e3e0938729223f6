/// The one place where a value becomes part of a shell command.
package enum Shell {
    /// Quotes a value for POSIX sh so that it is one word, whatever it holds. A NUL cannot be passed and is dropped.
    package static func quote(_ value: String) -> String {
        let safe = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "@"),
                UInt8(ascii: "%"):
                true
            default: false
            }
        }
        if safe, !value.isEmpty { return value }
        return "'" + value.replacing("\0", with: "").replacing("'", with: #"'\''"#) + "'"
    }

    /// Quotes each value and joins them with spaces.
    package static func join(_ values: [String]) -> String { values.map(quote).joined(separator: " ") }
}
