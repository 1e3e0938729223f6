/// What an option of make may be: a `NAME=VALUE` for HAProxy's Makefile, as an inventory has it.
package enum MakeOption {
    /// Where things go is haprov's to say: it packs the tree below the prefix.
    private static let refused = ["DESTDIR", "PREFIX", "SBINDIR"]

    /// Make itself and the shells that it starts read values too: nothing that either would expand or run may stand in one.
    ///
    /// - Returns: nil where nothing is wrong with it.
    static func problem(_ option: String) -> String? {
        guard option.wholeMatch(of: /[A-Z][A-Z0-9_]*=[A-Za-z0-9_.,\/:+= -]*/) != nil, option.utf8.count <= 200 else {
            return "which is not NAME=VALUE: capital letters, digits and `_`, then letters, digits, blanks and "
                + "`_.,/:+=-`"
        }
        return refused.contains(name(of: option)) ? "which haprov sets itself" : nil
    }

    static func name(of option: String) -> String { String(option.prefix { $0 != "=" }) }

    /// Whether one of some options turns on what a name stands for, as `USE_LUA=1` does.
    package static func isOn(_ name: String, in options: [String]) -> Bool {
        options.contains { option in
            let value = option.dropFirst(name.count + 1)
            return self.name(of: option) == name && !value.isEmpty && value != "0"
        }
    }
}
