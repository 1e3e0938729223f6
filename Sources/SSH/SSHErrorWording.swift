import Glibc

// The words of the errors that more than one place throws.
extension SSHError {
    static func timedOut(_ stage: Stage, seconds: Double, idle: Bool) -> SSHError {
        let limit = secondsText(seconds)
        let message =
            switch stage {
            case .tcp: "no answer to the TCP connection within \(limit)"
            case .banner: "the port accepted the connection, but no SSH banner came within \(limit)"
            case .keyExchange: "an SSH banner came, but key exchange did not finish within \(limit)"
            case .hostKey, .authentication: "authentication did not finish within \(limit)"
            case .command where idle: "the command was silent for \(limit), neither writing nor reading"
            case .command: "the command did not end within \(limit)"
            }
        let remedy =
            switch stage {
            case .tcp: "check that the host is up and that no firewall drops the SSH port"
            case .banner:
                "check that it is sshd that listens on this port and that the host is not overloaded, "
                    + "or give it more time (ssh: timeouts: connect)"
            case .keyExchange:
                "look at sshd's log and the load on the host, or give it more time (ssh: timeouts: connect)"
            case .hostKey, .authentication:
                "look at sshd's log and the load on the host (slow PAM modules, directories and DNS), "
                    + "or give it more time (ssh: timeouts: login)"
            case .command: "look on the host at what hangs (ps -ef), then run haprov again"
            }
        return SSHError(code: .timedOut, stage: stage, message: message, remedy: remedy)
    }

    package static func cancelled(_ stage: Stage) -> SSHError {
        SSHError(
            code: .cancelled, stage: stage, message: "given up because haprov was told to stop",
            remedy: "run haprov again to resume")
    }

    static func connectionLost(_ stage: Stage, _ detail: String) -> SSHError {
        SSHError(
            code: .connectionLost, stage: stage, message: "the connection was lost: \(detail)",
            remedy: "check that the host and its sshd still run, then run haprov again")
    }

    /// - Parameter said: libssh2's words; it has no codes for the reasons of RFC 4254 section 5.1.
    static func notForwarded(_ address: String, _ port: Int, bastion: String, said: String) -> SSHError {
        guard said.contains("prohibited") else {
            return SSHError(
                code: .unreachable, stage: .tcp,
                message: "bastion \(bastion) cannot reach \(address):\(port): \(said)",
                remedy: "check from the bastion that the host is up and its sshd listens on that port")
        }
        return SSHError(
            code: .unreachable, stage: .tcp,
            message: "bastion \(bastion) forwards no connections to \(address):\(port)",
            remedy: "allow it there (sshd_config: AllowTcpForwarding, PermitOpen; authorized_keys: "
                + "no-port-forwarding), or run haprov on the bastion")
    }

    static func noPassword(user: String, missing: SSHCredentials.Missing) -> SSHError {
        SSHError(
            code: .noIdentity, stage: .authentication,
            message: "the password of \(user) cannot be had: \(missing.reason)", remedy: missing.remedy)
    }

    static func cannotSign(_ message: String) -> SSHError {
        SSHError(
            code: .badIdentity, stage: .authentication, message: message,
            remedy: "try ssh-add -l and ssh-add -T, or name another key in the inventory (ssh: identity)")
    }

    package static func closed() -> SSHError {
        SSHError(
            code: .connectionLost, stage: .command,
            message: "the connection is closed already, by haprov or after an earlier error",
            remedy: "run haprov again")
    }

    static func noDescriptors(_ number: Int32) -> SSHError {
        SSHError(
            code: .localFile, stage: .tcp, message: "cannot make a socket, pipe or thread: \(reason(number))",
            remedy: "raise the limit of open files and processes (ulimit -n, ulimit -u)")
    }

    static func notThisMachine(_ address: String) -> SSHError {
        SSHError(
            code: .notThisMachine, stage: .tcp,
            message: "it was said to be this machine (connection: local), which has no address \(address)",
            remedy: "run haprov on that host, or take `connection: local` from the inventory")
    }

    /// The system's words for an error number.
    static func reason(_ number: Int32) -> String {
        guard let text = strerror(number) else { return "error \(number)" }
        return String(cString: text)
    }

    static func secondsText(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
