import HostShell

// The words for a login that failed.
extension Authentication {
    /// The server hung up in the middle.
    func ended() -> SSHError {
        let said = session.lossReason
        if let taken {
            return SSHError(
                code: .authenticationRefused, stage: .authentication,
                message: "the server took \(taken), but did not let \(user) in: \(said)",
                remedy: "look whether the account of \(user) has expired or is locked (as root on the host: "
                    + "chage -l \(Shell.quote(user))), and for /etc/nologin and access.conf; "
                    + "sshd's log on the host says which")
        }
        guard !tried.isEmpty, said.contains("Too many authentication failures") else {
            return .connectionLost(.authentication, said)
        }
        return SSHError(
            code: .authenticationRefused, stage: .authentication,
            message: "the server gave up on \(user) after \(tried.count) tries: \(said); tried: \(list(tried))",
            remedy: "name the one right key in the inventory (ssh: identity)")
    }

    /// - Parameter isMore: whether what was tried was good, and not enough.
    func refused(_ methods: [String], isMore: Bool = false) -> SSHError {
        let accepts = methods.isEmpty ? "nothing" : methods.joined(separator: ", ")
        let lack = withoutPassword.map { SSHError.noPassword(user: user, missing: $0) }
        if isMore {
            return SSHError(
                code: .authenticationRefused, stage: .authentication,
                message: "the server took \(tried.last ?? "what was tried"), and wants more of \(user): \(accepts)"
                    + (lack.map { "; \($0.message)" } ?? ""),
                remedy: lack?.remedy
                    ?? "run haprov on a terminal, where a person can answer, or give the password (ssh: password)")
        }
        let extra = notes.isEmpty ? "" : "; \(list(notes))"
        if let lack { problems.append(lack) }
        if var problem = problems.first {
            problem.message += tried.isEmpty ? "" : "; also refused: \(list(tried))"
            problem.message += problems.dropFirst().reduce("") { $0 + "; " + $1.message } + extra
            return problem
        }
        if tried.isEmpty {
            let looked =
                methods.contains("publickey")
                ? "no agent key, no ~/.ssh/id_ed25519, id_ecdsa or id_rsa, no password" : "no password"
            return SSHError(
                code: .noIdentity, stage: .authentication,
                message: "nothing to log in with as \(user): there is \(looked); the server accepts \(accepts)\(extra)",
                remedy: "make a key (ssh-keygen -t ed25519), put it on the host (ssh-copy-id) and name it in the "
                    + "inventory (ssh: identity)")
        }
        return SSHError(
            code: .authenticationRefused, stage: .authentication,
            message: "the server refused \(user); tried: \(list(tried)); it accepts \(accepts)\(extra)",
            remedy: "add one of these keys to the host's ~\(user)/.ssh/authorized_keys, or name the right key in the "
                + "inventory (ssh: identity); sshd's log on the host says why it refused")
    }

    private func list(_ items: [String]) -> String { items.joined(separator: "; ") }
}
