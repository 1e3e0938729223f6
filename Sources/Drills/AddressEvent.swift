/// One line of `ip -o monitor address`: an address came to an interface or left it.
struct AddressEvent: Equatable {
    var interface: String
    var address: String
    var isDeleted: Bool

    /// Reads lines of iproute2 from CentOS 7's (4.11) to today's; nil for anything that is not about an address.
    ///
    ///     2: ens33    inet 172.16.122.100/32 scope global ens33\       valid_lft forever preferred_lft forever
    ///     Deleted 2: ens33    inet 172.16.122.100/32 scope global ens33\       valid_lft forever …
    init?(_ line: some StringProtocol) {
        var words = String(line).split { $0 == " " || $0 == "\t" }.map { String($0) }
        // `ip monitor` of some versions labels or dates lines even when it follows one kind of object.
        while let first = words.first, first.hasPrefix("[") { words.removeFirst() }
        isDeleted = words.first == "Deleted"
        if isDeleted { words.removeFirst() }
        guard words.count >= 4, words[0].last == ":", Int(words[0].dropLast()) != nil else { return nil }
        guard ["inet", "inet6"].contains(words[2]) else { return nil }
        // A link of a pair reads `name@peer`.
        interface = words[1].split(separator: "@").first.map { String($0) } ?? words[1]
        address = words[3].split(separator: "/").first.map { String($0) } ?? words[3]
    }
}
