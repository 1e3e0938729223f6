import CSSH2

// From a connected socket to a host whose key is trusted.
extension Session {
    /// The host key algorithms that libssh2 can verify, in the order in which they are asked for where nothing is known of
    /// a host. RSA by SHA-2 is known to it since 1.11.
    private var hostKeyAlgorithms: [String] {
        let supported = supported(LIBSSH2_METHOD_HOSTKEY)
        return [
            "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
            "rsa-sha2-256", "ssh-rsa",
        ].filter(supported.contains)
    }

    /// Exchanges banners and keys.
    ///
    /// - Parameters:
    ///   - known: the types of host key that known_hosts holds for this host; they are asked for first.
    func handshake(
        descriptor: Int32, known: [String], banner: Watch, keyExchange: () -> Watch
    ) throws(SSHError) {
        let isKnown = { known.contains(HostKey.type(ofAlgorithm: $0)) }
        let (all, preferred) = (hostKeyAlgorithms, hostKeyAlgorithms.filter(isKnown))
        let preference = (preferred + all.filter { !isKnown($0) }).joined(separator: ",")
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
        if let mismatch { return mismatch }
        return .connectionLost(.keyExchange, "key exchange failed: \(lossReason)")
    }

    /// The first kind of algorithm of which the host offers none that libssh2 has.
    private var mismatch: SSHError? {
        guard let offered = context.greeting.algorithms else { return nil }
        let kinds: [(name: String, offered: [String], method: Int32, remedy: String)] = [
            (
                "key exchange", offered[0], LIBSSH2_METHOD_KEX,
                "allow curve25519-sha256 in the host's sshd_config (KexAlgorithms) and restart sshd"
            ),
            (
                "host keys", offered[1], LIBSSH2_METHOD_HOSTKEY,
                "give the host an Ed25519 host key: ssh-keygen -A as root on the host, name it in sshd_config "
                    + "(HostKey /etc/ssh/ssh_host_ed25519_key), restart sshd"
            ),
            (
                "ciphers", offered[2], LIBSSH2_METHOD_CRYPT_CS,
                "allow aes256-ctr in the host's sshd_config (Ciphers) and restart sshd"
            ),
            (
                "MACs", offered[4], LIBSSH2_METHOD_MAC_CS,
                "allow hmac-sha2-256 in the host's sshd_config (MACs) and restart sshd"
            ),
        ]
        for kind in kinds {
            let ours = kind.method == LIBSSH2_METHOD_HOSTKEY ? hostKeyAlgorithms : supported(kind.method)
            guard !kind.offered.contains(where: ours.contains) else { continue }
            return SSHError(
                code: .noCommonAlgorithm, stage: .keyExchange,
                message: "no \(kind.name) in common: the host offers only \(kind.offered.joined(separator: ", ")); "
                    + "libssh2 \(LIBSSH2_VERSION) has \(ours.joined(separator: ", "))",
                remedy: kind.remedy)
        }
        return nil
    }

    private func supported(_ method: Int32) -> [String] {
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        let count = libssh2_session_supported_algs(handle, method, &names)
        guard count > 0, let names else { return [] }
        defer { libssh2_free(handle, names) }
        return (0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } }
    }

    private func notSSH(_ found: String) -> SSHError {
        SSHError(
            code: .notSSH, stage: .banner,
            message: "something listens on the port, but it is not an SSH 2 server: \(found)",
            remedy: "set the port of the host's sshd in the inventory")
    }
}
