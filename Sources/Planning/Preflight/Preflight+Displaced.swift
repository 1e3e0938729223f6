import Inventory

/// What HAProxy serves today, and what becomes of it.
extension Preflight {
    /// What is to be known of it before anything is changed.
    func displacement(_ facts: Facts) -> [String] {
        [displaced(facts) ?? replaced(facts), joined(facts)].compactMap { $0 }
    }

    /// What is served today and will not be any more, where HAProxy's service runs another program or configuration than
    /// haprov's.
    package func displaced(_ facts: Facts) -> String? {
        let place = platforms.working(facts.system).place(of: cluster.haproxyProgram)
        let mine = facts.processes.filter { $0.name == HAProxy.program && $0.unit == HAProxy.unit }
        let others = mine.filter { process in
            let files = process.configurations
            // Where the prefix is reached by a symbolic link, the path is another's.
            return (process.path != place.program && process.arguments.first != place.program)
                || (files.first.map { $0 != place.configuration } ?? false)
        }
        guard let first = others.min(by: { $0.id < $1.id }) else { return nil }
        let ids = Set(others.map(\.id))
        let served = Self.ports(of: facts.listeners.filter { ids.contains($0.process) || $0.path == first.path })
        let files = first.configurations.joined(separator: ", ")
        return
            "HAProxy runs there already as \(first.path)\(files.isEmpty ? "" : " with \(files)") (process \(first.id)): "
            + "that configuration stops being served\(served.isEmpty ? "" : ", on \(served)"); "
            + "from then on it is \(place.configuration), on "
            + Self.ports(cluster.haproxy.ports)
    }

    /// What is served today by the very file that haprov writes, where haprov has not written it.
    private func replaced(_ facts: Facts) -> String? {
        let path = platforms.working(facts.system).place(of: cluster.haproxyProgram).configuration
        guard let content = facts.files[path]?.content, facts.serves(HAProxy.unit),
            !facts.runs.contains(where: { $0.command == "apply" && $0.changes > $0.undone })
        else { return nil }
        let frontends = Self.frontends(in: String(decoding: content, as: UTF8.self))
        guard !frontends.isEmpty else { return nil }
        return
            "\(path) has what HAProxy serves there today, and is replaced: \(frontends.joined(separator: ", ")); what of it the "
            + "inventory does not have is served no longer. Rollback brings the file back"
    }

    /// What a package's unit reads beside its configuration.
    private func joined(_ facts: Facts) -> String? {
        guard !facts.configurationParts.isEmpty, cluster.haproxy.origin == .distribution else { return nil }
        return
            "the package's unit has HAProxy read \(facts.configurationParts.joined(separator: ", ")) too: that goes on being "
            + "served, beside what haprov writes, and must not want the same names and ports"
    }

    /// What a configuration of HAProxy's listens for: `frontend main (*:5000)`.
    static func frontends(in configuration: String) -> [String] {
        var found: [(name: String, binds: [String])] = []
        var isFrontend = false
        for line in configuration.split(whereSeparator: \.isNewline) {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            switch words.first {
            case "frontend", "listen":
                isFrontend = true
                // Until 1.8 an address may follow the name.
                found.append((words.prefix(2).joined(separator: " "), Array(words.dropFirst(2).prefix(1))))
            case "bind" where isFrontend:
                found[found.count - 1].binds += words.dropFirst().prefix(1)
            case let word? where ["global", "defaults", "backend", "peers", "userlist", "resolvers"].contains(word):
                isFrontend = false
            default: continue
            }
        }
        return found.map { $0.binds.isEmpty ? $0.name : "\($0.name) (\($0.binds.joined(separator: ", ")))" }
    }
}

extension Facts {
    /// Whether a service runs, or will after the next boot.
    fileprivate func serves(_ unit: String) -> Bool {
        processes.contains { $0.unit == unit } || units[unit].map { $0.isActive || $0.fileState == "enabled" } ?? false
    }
}
