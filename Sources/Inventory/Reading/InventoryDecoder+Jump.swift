import YAMLReading

extension InventoryDecoder {
    private static let remedy =
        "Write `jump: ops@bastion.example:22`, `jump: { address: …, user: … }` or a list of those."

    /// The bastions of a section; nil where it says nothing of them, none where its list is empty.
    func jump(in section: YAMLSection) -> [Jump]? {
        guard let pair = section.pair("jump") else { return nil }
        let path = section.path(of: "jump")
        switch pair.value.content {
        case .sequence(let nodes):
            return nodes.enumerated().compactMap { index, node in
                jump(node, path: "\(path).\(index + 1)", place: node.place)
            }
        case .mapping: return jump(pair.value, path: path, place: pair.place).map { [$0] }
        case .scalar: return jump(pair.value, path: path, place: pair.valuePlace).map { [$0] }
        }
    }

    private func jump(_ node: YAMLNode, path: String, place: SourcePlace) -> Jump? {
        if case .scalar(let text, _) = node.content {
            if let jump = Jump(text) { return jump }
            faults.error(
                place, "`\(path)` is `\(shown(text))`; expected a bastion as `[user@]host[:port]`", Self.remedy)
            return nil
        }
        guard let own = YAMLSection(node, path: path, place: place, known: InventoryKeys.jump, faults: faults),
            let address = own.text("address", required: Self.remedy, expected: "an address or a name")
        else { return nil }
        guard Words.isHost(address) else {
            own.fault("address", "`\(path).address` is `\(shown(address))`, which is no address or name", Self.remedy)
            return nil
        }
        return Jump(
            address: address, port: port(in: own),
            user: user(in: own, remedy: "Write the name of a user of the bastion's."), identities: identities(in: own),
            knownHosts: knownHosts(in: own))
    }
}

extension Jump {
    /// `[user@]host[:port]`, an IPv6 address with a port in brackets.
    init?(_ text: String) {
        let at = text.lastIndex(of: "@")
        let user = at.map { String(text[..<$0]) }
        if let user, !Words.isUser(user) { return nil }
        var host = at.map { String(text[text.index(after: $0)...]) } ?? text
        var port: Int?
        // Without brackets a second colon makes it an IPv6 address.
        if let end = host.lastIndex(of: ":"),
            host.hasPrefix("[") ? host[..<end].last == "]" : host.firstIndex(of: ":") == end
        {
            guard let number = Notation.integer(String(host[host.index(after: end)...])),
                (1...65535).contains(number)
            else { return nil }
            port = number
            host = String(host[..<end])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard Words.isHost(host) else { return nil }
        self.init(address: host, port: port, user: user)
    }
}
