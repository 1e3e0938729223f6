/// Patterns with `*` for any characters and `?` for one, as in the files of OpenSSH: ssh_config(5), "PATTERNS".
package enum Wildcard {
    package static func matches(_ pattern: String, _ text: String) -> Bool {
        var (pattern, text) = (Array(pattern.utf8)[...], Array(text.utf8)[...])
        // Where to go on after the last star, with one more character swallowed by it.
        var retry: (pattern: ArraySlice<UInt8>, text: ArraySlice<UInt8>)?
        while true {
            if pattern.first == UInt8(ascii: "*") {
                pattern = pattern.dropFirst()
                retry = (pattern, text)
            } else if let wanted = pattern.first, let found = text.first,
                wanted == UInt8(ascii: "?") || wanted == found
            {
                pattern = pattern.dropFirst()
                text = text.dropFirst()
            } else if pattern.isEmpty, text.isEmpty {
                return true
            } else if let last = retry, !last.text.isEmpty {
                text = last.text.dropFirst()
                pattern = last.pattern
                retry = (pattern, text)
            } else {
                return false
            }
        }
    }
}
