import CSSH2

// From a connected socket to a host whose key is trusted.
extension Session {
    /// The host key algorithms that libssh2 1.10 can verify, in the order in which they are asked for where nothing is
    /// known of a host.
    static let hostKeyAlgorithms = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
    ]

    /// Exchanges banners and keys.
    ///
    /// - Parameters:
    ///   - known: the types of host key that known_hosts holds for this host; they are asked for first.
    func handshake(
        descriptor: Int32, known: [String], banner: Watch, keyExchange: () -> Watch
    ) throws(SSHError) {
        let preferred = Self.hostKeyAlgorithms.filter(known.contains)
        let others = Self.hostKeyAlgorithms.filter { !known.contains($0) }
        let preference = (preferred + others).joined(separator: ",")
        guard libssh2_session_method_pref(handle, LIBSSH2_METHOD_HOSTKEY, preference) == 0 else {
            throw failed(.keyExchange)
        }

        var watch = banner
        while true {
            let code = libssh2_session_handshake(handle, descriptor)
            if code == 0 { return }
            if let line = context.greeting.banner {
                guard line.hasPrefix("SSH-2.") || line.hasPrefix("SSH-1.99") else {
                    throw notSSH("it speaks \"\(line)\", which is not SSH 2")
                }
                if watch.stage == .banner { watch = keyExchange() }
            }
            if code != LIBSSH2_ERROR_EAGAIN { throw failed(watch.stage) }
            do throws(SSHError) {
                try wait(watch)
            } catch {
                if error.code == .timedOut, watch.stage == .banner, !context.greeting.isEmpty {
                    throw notSSH("it answers \"\(context.greeting.firstLine)\"")
                }
                throw error
            }
        }
    }

    /// The key that the host proved to own.
    var hostKey: HostKey? {
        var size = 0
        var type: Int32 = 0
        guard let bytes = libssh2_session_hostkey(handle, &size, &type) else { return nil }
        return HostKey(blob: UnsafeRawBufferPointer(start: bytes, count: size).map { $0 })
    }

    private func failed(_ stage: SSHError.Stage) -> SSHError {
        let greeting = context.greeting
        if stage == .banner {
            return greeting.isEmpty
                ? SSHError(
                    code: .connectionLost, stage: .banner,
                    message: "the port accepted the connection and closed it without an SSH banner",
                    remedy: "look at sshd's log on the host (MaxStartups, hosts.deny, a full disk), then try again")
                : notSSH("it answers \"\(greeting.firstLine)\"")
        }
        if let offered = greeting.hostKeyAlgorithms, !offered.contains(where: Self.hostKeyAlgorithms.contains) {
            return SSHError(
                code: .noCommonAlgorithm, stage: .keyExchange,
                message: "the host offers only host keys of the kinds \(offered.joined(separator: ", ")); "
                    + "libssh2 \(LIBSSH2_VERSION) can check \(Self.hostKeyAlgorithms.joined(separator: ", "))",
                remedy: "give the host an Ed25519 host key: ssh-keygen -A as root on the host, name it in sshd_config "
                    + "(HostKey /etc/ssh/ssh_host_ed25519_key), restart sshd")
        }
        if [LIBSSH2_ERROR_KEX_FAILURE, LIBSSH2_ERROR_METHOD_NONE].contains(libssh2_session_last_errno(handle)) {
            let offered = greeting.keyExchangeAlgorithms?.joined(separator: ", ") ?? "unknown"
            return SSHError(
                code: .noCommonAlgorithm, stage: .keyExchange,
                message: "no algorithms in common: \(lastError); the host offers key exchange by \(offered)",
                remedy: "allow curve25519-sha256, aes256-ctr and hmac-sha2-256 in the host's sshd_config")
        }
        return .connectionLost(.keyExchange, "key exchange failed: \(lossReason)")
    }

    private func notSSH(_ found: String) -> SSHError {
        SSHError(
            code: .notSSH, stage: .banner,
            message: "something listens on the port, but it is not an SSH 2 server: \(found)",
            remedy: "set the port of the host's sshd in the inventory")
    }
}
