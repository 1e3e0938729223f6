import YAMLReading

extension SSHSettings {
    /// What holds where the inventory says nothing.
    static let standard = SSHSettings(
        user: "root", port: 22, identities: [], knownHosts: "~/.ssh/known_hosts", passphraseVariable: nil,
        password: nil)
}

extension InventoryDecoder {
    /// The settings of a section, laid over others key by key.
    func sshSettings(_ section: YAMLSection?, over common: SSHSettings) -> SSHSettings {
        guard let section else { return common }
        var settings = common
        settings.user = user(in: section) ?? settings.user
        settings.port = port(in: section) ?? settings.port
        settings.identities = identities(in: section) ?? settings.identities
        settings.knownHosts = knownHosts(in: section) ?? settings.knownHosts
        if let variable = section.text("passphrase_env", expected: "the name of an environment variable") {
            if Words.isVariable(variable) {
                settings.passphraseVariable = variable
            } else {
                section.fault(
                    "passphrase_env",
                    "`\(section.path(of: "passphrase_env"))` is not the name of an environment variable",
                    "Write the name of the variable that holds the passphrase, never the passphrase itself.")
            }
        }
        settings.password = secret("password", in: section) ?? settings.password
        settings.become = become(in: section) ?? settings.become
        settings.jump = jump(in: section) ?? settings.jump
        settings.configuration = file("config", in: section) ?? settings.configuration
        if let own = section.section("timeouts", known: InventoryKeys.timeouts) {
            func time(_ key: String) -> Int? { duration(key, in: own, examples: ["30s", "2m"]) }
            settings.timeouts.connect = time("connect") ?? settings.timeouts.connect
            settings.timeouts.login = time("login") ?? settings.timeouts.login
            settings.timeouts.begin = time("begin") ?? settings.timeouts.begin
            settings.timeouts.reconnect = time("reconnect") ?? settings.timeouts.reconnect
        }
        return settings
    }

    func user(
        in section: YAMLSection,
        remedy: String = "Write the name of the user to log in as; root, or one that may become root by sudo or su."
    ) -> String? {
        guard let user = section.text("user", expected: "the name of a user") else { return nil }
        if Words.isUser(user) { return user }
        section.fault(
            "user", "`\(section.path(of: "user"))` is `\(shown(user))`, which is no user's name",
            remedy)
        return nil
    }

    func port(in section: YAMLSection) -> Int? {
        section.integer("port", in: 1...65535, remedy: "sshd listens on 22 by default.")
    }

    func identities(in section: YAMLSection) -> [String]? {
        section.texts(
            "identity", expected: "a private key file or a list of them",
            remedy: "Write `identity: ~/.ssh/id_ed25519`."
        )?.compactMap { path($0.value, at: $0.place, of: "identity", in: section) }
    }

    func knownHosts(in section: YAMLSection) -> String? { file("known_hosts", in: section) }

    private func file(_ key: String, in section: YAMLSection) -> String? {
        section.text(key, expected: "the path of a file").flatMap {
            path($0, at: faults.place(section.path(of: key)), of: key, in: section)
        }
    }

    private func become(in section: YAMLSection) -> Become? {
        guard let own = section.section("become", known: InventoryKeys.become) else { return nil }
        let program = own.choice("by", of: Become.Program.allCases.map(\.rawValue)).flatMap(Become.Program.init)
        return Become(by: program ?? .sudo, password: secret("password", in: own))
    }

    private func path(
        _ text: String, at place: SourcePlace, of key: String, in section: YAMLSection
    ) -> String? {
        if !text.isEmpty, Words.isPrintable(text) { return text }
        faults.error(
            place, "`\(section.path(of: key))` is `\(shown(text))`, which is no path",
            "Write the path of a file; `~` stands for your home folder.")
        return nil
    }
}
