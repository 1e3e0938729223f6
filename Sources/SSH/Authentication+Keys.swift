import CSSH2
import Glibc

// Keys and certificates, of files and of an agent.
extension Authentication {
    func tryKeys() throws(SSHError) -> Bool {
        try openAgent()
        readCertificates()
        // A server gives up after few keys (MaxAuthTries): those that were named come first, and as a rule alone.
        for path in credentials.identities where try tryIdentity(path) { return true }
        if !(credentials.identitiesOnly ?? !credentials.identities.isEmpty) {
            for key in agentKeys where try tryAgent(key) { return true }
        }
        guard credentials.identities.isEmpty, credentials.triesUsualFiles else { return false }
        for name in ["id_ed25519", "id_ecdsa", "id_rsa"] {
            let path = "~/.ssh/\(name)"
            if access(LocalFile.expand(path), F_OK) == 0, try tryIdentity(path) { return true }
        }
        if access(LocalFile.expand("~/.ssh/id_dsa"), F_OK) == 0 {
            notes.append("~/.ssh/id_dsa passed over: a DSA key, which no sshd takes since OpenSSH 7.0")
        }
        return false
    }

    private func openAgent() throws(SSHError) {
        guard credentials.useAgent else { return }
        do throws(Agent.Failure) { agent = try Agent.connect() } catch {
            notes.append(error.reason)
            return
        }
        guard let agent else { return }
        switch try agent.keys(watch) {
        case .success(let keys): agentKeys = keys
        case .failure(let failure): notes.append("ssh-agent: \(failure.reason)")
        }
    }

    private func readCertificates() {
        certificates = []
        for path in credentials.certificates {
            guard let blob = IdentityFile.publicKey(ofFile: path), let certificate = Certificate(blob) else {
                notes.append("\(path) passed over: no file with a user's certificate")
                continue
            }
            certificates.append((path, certificate))
        }
    }

    /// The certificates for a key, those that stand beside its file first.
    private func certificates(for identity: IdentityFile) -> [(path: String, certificate: Certificate)] {
        let beside = identity.path + "-cert.pub"
        var found = certificates.filter { $0.certificate.key == identity.publicBlob }
        if let certificate = IdentityFile.publicKey(ofFile: beside).flatMap(Certificate.init),
            identity.publicBlob == nil || certificate.key == identity.publicBlob
        {
            found.insert((beside, certificate), at: 0)
        }
        guard !found.isEmpty, !Certificate.areSupported else { return found }
        let paths = found.map(\.path).joined(separator: ", ")
        notes.append("\(paths) passed over: libssh2 logs in by certificates from 1.11 on")
        return []
    }

    /// Offers the key of a file, by the agent where the agent has it, and its certificates before it.
    private func tryIdentity(_ path: String) throws(SSHError) -> Bool {
        let identity: IdentityFile
        let blob: [UInt8]?
        do throws(SSHError) {
            identity = try IdentityFile(path)
            let held = agentKeys.first { $0.blob == identity.publicBlob }
            for (path, certificate) in certificates(for: identity) {
                if try tryCertificate(certificate, path, of: identity, held: held) { return true }
            }
            for key in agentKeys where key.certificate?.key == identity.publicBlob && identity.publicBlob != nil {
                if try tryAgent(key) { return true }
            }
            if let held { return try tryAgent(held) }
            if let known = identity.publicBlob, !identity.isPublicOnly {
                blob = known
            } else {
                blob = try unlock(identity).publicBlob
            }
        } catch {
            if error.code != .badIdentity, error.code != .badPassphrase { throw error }
            problems.append(error)
            return false
        }
        return try offer(blob, as: "key \(path)") { [self] () throws(SSHError) in
            try session.authenticate(user: user, identity: identity, blob: blob, watch: watch) {
                [self] () throws(SSHError) in try unlock(identity)
            }
        }
    }

    /// - Parameter held: its key, where the agent has that.
    private func tryCertificate(
        _ certificate: Certificate, _ path: String, of identity: IdentityFile, held: Agent.Key?
    ) throws(SSHError) -> Bool {
        let name = "certificate \(path)"
        let isIn =
            if let held {
                try offer(certificate.blob, as: name) { [self] () throws(SSHError) in
                    try prove(certificate.blob, byAgent: held)
                }
            } else if identity.isPublicOnly {
                false
            } else {
                try offer(certificate.blob, as: name) { [self] () throws(SSHError) in
                    try session.authenticate(
                        user: user, identity: identity, blob: certificate.blob, watch: watch
                    ) { [self] () throws(SSHError) in try unlock(identity) }
                }
            }
        if !isIn { noteFault(of: certificate, name) }
        return isIn
    }

    private func noteFault(of certificate: Certificate, _ name: String) {
        guard let fault = certificate.fault(for: user, now: UInt64(max(0, time(nil)))) else { return }
        notes.append("\(name): \(fault)")
    }

    /// A person may be asked, and the deadline waits meanwhile.
    private func unlock(_ identity: IdentityFile) throws(SSHError) -> OpenKey {
        try watch.pausing {
            Result { () throws(SSHError) in
                try credentials.keyRing.unlock(identity, credentials: credentials)
            }
        }.get()
    }

    private func tryAgent(_ key: Agent.Key) throws(SSHError) -> Bool {
        let certificate = key.certificate
        guard Session.keyAlgorithms[key.type] != nil || certificate != nil && Certificate.areSupported else {
            notes.append("agent key \(key.comment) passed over: type \(key.type)")
            return false
        }
        let name = certificate == nil ? "agent key \(key.comment)" : "agent certificate \(key.comment)"
        let isIn = try offer(key.blob, as: name) { [self] () throws(SSHError) in try prove(key.blob, byAgent: key) }
        if !isIn, let certificate { noteFault(of: certificate, name) }
        return isIn
    }

    /// - Parameter blob: the key, or a certificate for it; libssh2's code.
    private func prove(_ blob: [UInt8], byAgent key: Agent.Key) throws(SSHError) -> Int {
        guard let agent else { return Int(LIBSSH2_ERROR_AUTHENTICATION_FAILED) }
        return try session.authenticate(user: user, publicKey: blob, watch: watch) {
            [watch] data, algorithm throws(SSHError) in
            let answer = try agent.sign(data, with: key.blob, algorithm: algorithm, watch)
            do throws(Agent.Failure) { return try answer.get() } catch {
                throw .cannotSign("ssh-agent did not sign with \(key.comment): \(error.reason)")
            }
        }
    }

    /// - Parameters:
    ///   - blob: the public half, where it is known.
    ///   - prove: gives libssh2's code.
    private func offer(
        _ blob: [UInt8]?, as name: String, prove: () throws(SSHError) -> Int
    ) throws(SSHError) -> Bool {
        if let blob, !offered.insert(blob).inserted { return false }
        // As ssh-keygen -l has it, a certificate's fingerprint is its key's.
        let print = blob.map { HostKey(blob: Certificate($0)?.key ?? $0).fingerprint }
        tried.append(blob.map { "\(name) (\(HostKey(blob: $0).type) \(print ?? ""))" } ?? name)
        session.context.signError = nil
        session.context.hasSigned = false
        let code = try prove()
        if code == 0 { return true }
        if session.context.hasSigned { taken = name }
        defer { taken = nil }
        if let error = session.context.signError {
            // Only what concerns this key alone lets the next one be tried.
            if ![.badIdentity, .badPassphrase].contains(error.code) { throw error }
            problems.append(error)
        } else if Session.isLoss(code) || session.isLost {
            throw ended()
        }
        return false
    }
}
