import Glibc
import HostShell

/// Compares the key that a host showed with those that an operator accepted. Never asks, never accepts by itself.
struct HostKeyCheck {
    let endpoint: SSHEndpoint
    /// The file's path with `~/` expanded.
    let path: String
    let knownHosts: KnownHosts
    private let fileExists: Bool
    /// In front of commands that have to reach the host: see ``Bastion/login``.
    private let login: String

    init(_ endpoint: SSHEndpoint, through bastion: Bastion? = nil) throws(SSHError) {
        self.endpoint = endpoint
        login = bastion?.login ?? ""
        path = LocalFile.expand(endpoint.knownHosts)
        do throws(LocalFile.Failure) {
            knownHosts = KnownHosts(String(decoding: try LocalFile.read(path), as: UTF8.self))
            fileExists = true
        } catch {
            guard error.number == ENOENT else {
                throw SSHError(
                    code: .knownHostsUnreadable, stage: .hostKey,
                    message: "the file of known host keys \(path) cannot be read: \(error.reason)",
                    remedy: "make it readable, or name another in the inventory (ssh: known_hosts)")
            }
            knownHosts = KnownHosts("")
            fileExists = false
        }
    }

    /// The types of key that are known for the host.
    var knownTypes: [String] {
        knownHosts.keys(of: endpoint.address, port: endpoint.port).map(\.key.type)
    }

    func check(_ key: HostKey) throws(SSHError) {
        switch knownHosts.judge(key, of: endpoint.address, port: endpoint.port) {
        case .trusted: return
        case .unknown(let others): throw unknown(key, others)
        case .changed(let known): throw changed(key, known)
        case .revoked(let entry):
            throw SSHError(
                code: .hostKeyRevoked, stage: .hostKey,
                message: "the host shows the \(key.type) key \(key.fingerprint), which \(path):\(entry.line) revokes",
                remedy: "do not log in; find out who answers at \(endpoint.address), and give the host a new key")
        }
    }

    private func unknown(_ key: HostKey, _ others: [KnownHosts.Entry]) -> SSHError {
        var message = "the host key is unknown: \(key.type) \(key.fingerprint) is not in \(path)"
        if !fileExists { message += ", which does not exist" }
        if !others.isEmpty {
            let list = others.map { "\($0.key.type) \($0.key.fingerprint) (line \($0.line))" }
            message += "; known of this host are other types: \(list.joined(separator: ", "))"
        }
        var remedy = "\(compare(key)), then accept it: \(accept(key))"
        if let authority = knownHosts.authorities(of: endpoint.address, port: endpoint.port).first {
            message +=
                "; \(path):\(authority.line) trusts an authority (@cert-authority) to vouch for it, but libssh2 knows "
                + "no certificates of hosts"
            remedy = "the host's key has to be known by itself: " + remedy
        }
        return SSHError(code: .hostKeyUnknown, stage: .hostKey, message: message, remedy: remedy)
    }

    private func changed(_ key: HostKey, _ known: [KnownHosts.Entry]) -> SSHError {
        let expected = known.map { "\($0.key.fingerprint) (\(path):\($0.line))" }.joined(separator: " or ")
        let name = KnownHosts.name(endpoint.address, port: endpoint.port)
        return SSHError(
            code: .hostKeyChanged, stage: .hostKey,
            message: "the host key has changed: expected \(key.type) \(expected), found \(key.fingerprint)",
            remedy: "another machine may be answering. \(compare(key)); only if it is the host's own, run: "
                + "ssh-keygen -R \(Shell.quote(name)) -f \(Shell.quote(path)) && \(accept(key))")
    }

    private func compare(_ key: HostKey) -> String {
        "compare the fingerprint on the host's console (ssh-keygen -lf /etc/ssh/ssh_host_\(key.shortType)_key.pub)"
    }

    /// ssh-keyscan goes through no proxy command; ssh asks whether the fingerprint is right.
    private func accept(_ key: HostKey) -> String {
        if let command = endpoint.proxyCommand {
            let options = [
                "StrictHostKeyChecking=ask", "ProxyCommand=\(command.line.replacing("%", with: "%%"))",
                "UserKnownHostsFile=\(path)",
                "HostKeyAlgorithms=\(key.type == "ssh-rsa" ? "rsa-sha2-512" : key.type)",
            ].flatMap { ["-o", $0] }
            return Shell.join(
                ["ssh"] + options + ["-p", "\(endpoint.port)", "\(endpoint.user)@\(endpoint.address)", "true"])
        }
        return
            "\(login)ssh-keyscan -p \(endpoint.port) -t \(key.shortType) \(Shell.quote(endpoint.address)) >> \(Shell.quote(path))"
    }
}
