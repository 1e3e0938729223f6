import YAMLReading

// Bastions and proxy commands.
extension LoginCompletion {
    mutating func completeWay(
        _ ssh: inout SSHSettings, _ answer: SSHConfiguration.Answer, _ tokens: Tokens, _ chosen: Choice,
        _ configuration: SSHConfiguration?
    ) -> [LoginSources.Row] {
        var source = Choice.standard
        if let place = chosen.line("jump") {
            source = "\(place)"
            ssh.jump = route(.init(value: ssh.jump, place: place), configuration, tokens: tokens, from: [])
        } else if let setting = answer.jump {
            source = "\(setting.place)"
            ssh.jump = route(setting, configuration, tokens: tokens, from: [])
        } else if let setting = answer.proxyCommand {
            ssh.proxyCommand = expanded(setting, tokens, variables: false)
            return [.init("proxy command", ssh.proxyCommand ?? setting.value, "\(setting.place)")]
        }
        guard !ssh.jump.isEmpty else { return [.init("jump", "none", source)] }
        return ssh.jump.flatMap { jump -> [LoginSources.Row] in
            let alias = jump.alias.map { " (\($0))" } ?? ""
            let text = "\(jump.user ?? ssh.user)@\(jump.address):\(jump.port ?? 22)\(alias)"
            let command = jump.proxyCommand.map { [LoginSources.Row("proxy command", $0, "of \(jump.address)")] } ?? []
            return command + [.init("jump", text, source)]
        }
    }

    /// The bastions of a `ProxyJump`, or of the inventory. The first is reached as the configuration says of it, each next through the one before.
    ///
    /// - Parameter names: the bastions that lead here, for circles.
    private mutating func route(
        _ setting: SSHConfiguration.Setting<[Jump]>, _ configuration: SSHConfiguration?, tokens: Tokens,
        from names: [String]
    ) -> [Jump] {
        var chain: [Jump] = []
        for (index, written) in setting.value.enumerated() {
            var written = written
            let address = SSHConfiguration.Setting(value: written.address, place: setting.place)
            written.address = expanded(address, tokens, variables: false) ?? written.address
            var (jump, answer) = completed(written, configuration)
            if index == 0, let way = answer.jump, !way.value.isEmpty {
                let path = names + [written.address]
                guard !names.contains(written.address) else {
                    report([
                        setting.place.diagnostic(
                            .error, "`ProxyJump` goes in a circle: \(path.joined(separator: " by way of "))",
                            "Except the bastion from it: `Host * !\(written.address)`.")
                    ])
                    return []
                }
                chain += route(way, configuration, tokens: self.tokens(of: jump, tokens), from: path)
            } else if index == 0, let command = answer.proxyCommand {
                jump.proxyCommand = expanded(command, self.tokens(of: jump, tokens), variables: false)
            }
            chain.append(jump)
        }
        return chain
    }

    /// A bastion, with what the configuration says of it where the inventory, or `ProxyJump` itself, does not.
    private mutating func completed(
        _ jump: Jump, _ configuration: SSHConfiguration?
    ) -> (jump: Jump, answer: SSHConfiguration.Answer) {
        guard let answer = configuration?.answer(for: [jump.address]) else { return (jump, .init()) }
        report(answer.diagnostics)
        var result = jump
        if let setting = answer.hostName {
            let name = setting.value.replacing("%h", with: jump.address)
            if Words.isHost(name) {
                result.address = name
                result.alias = name == jump.address ? nil : jump.address
            } else {
                report([
                    setting.place.diagnostic(
                        .error, "`HostName` is `\(setting.value)`, which is no address or name", "Put it right.")
                ])
            }
        }
        result.user = jump.user ?? answer.user?.value
        result.port = jump.port ?? answer.port?.value
        let tokens = Tokens(
            host: result.address, name: jump.address, port: result.port ?? 22, user: result.user ?? local.user,
            local: local)
        if jump.identities == nil, !answer.identities.isEmpty || answer.noIdentity != nil {
            result.identities = answer.identities.compactMap { expanded($0, tokens) }
            result.triesUsualFiles = answer.noIdentity == nil
        }
        if jump.identities == nil, answer.identitiesOnly != nil || result.identities != nil {
            result.identitiesOnly = answer.identitiesOnly?.value ?? false
        }
        if !answer.certificates.isEmpty {
            result.certificates = answer.certificates.compactMap { expanded($0, tokens) }
        }
        result.knownHosts = jump.knownHosts ?? knownHosts(answer, tokens)?.value
        return (result, answer)
    }

    private func tokens(of jump: Jump, _ tokens: Tokens) -> Tokens {
        Tokens(
            host: jump.address, name: jump.alias ?? jump.address, port: jump.port ?? 22,
            user: jump.user ?? tokens.user, local: local)
    }
}
