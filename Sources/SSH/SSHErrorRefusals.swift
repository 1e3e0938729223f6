import HostShell

// Scripts that never began.
extension SSHError {
    /// Why a script that ended without its first line did not run.
    static func notBegun(_ result: RemoteResult, noise: [UInt8], sudo: Bool, user: String) -> SSHError {
        let said = lastWords(result.standardError) ?? lastWords(noise) ?? "nothing"
        if let expired = expired(said, sudo: sudo, user: user) { return expired }
        let end = result.exitStatus.map { "exit status \($0)" } ?? "signal \(result.signal ?? "unknown")"
        guard sudo else {
            return SSHError(
                code: .shellRefused, stage: .command,
                message: "the login shell of \(user) did not run the script; it ended with \(end) and said: \(said)",
                remedy: "give \(user) a login shell that runs commands (getent passwd \(user)), "
                    + "and look for a ForceCommand in sshd_config")
        }
        if mayNotExec(said) {
            return SSHError(
                code: .sudoRefused, stage: .command,
                message: "sudo lets \(user) run sh as root, but sh no other program (NOEXEC); it said: \(said)",
                remedy: "as root, run visudo and take NOEXEC from the rule or from Defaults")
        }
        return SSHError(
            code: .sudoRefused, stage: .command, message: "sudo did not let \(user) become root: \(said)",
            remedy: sudoRemedy(String(decoding: result.standardError, as: UTF8.self), user: user))
    }

    /// A password or an account that is too old: sshd (session.c) or sudo (check.c) lets in and then runs nothing.
    private static func expired(_ said: String, sudo: Bool, user: String) -> SSHError? {
        if said.contains("Password change required") {
            return SSHError(
                code: .shellRefused, stage: .command,
                message: "the password of \(user) has expired, and sshd runs nothing before it is changed: \(said)",
                remedy: "log in by hand (ssh \(user)@…) and set a new one, or as root on the host: "
                    + "chage -M -1 \(Shell.quote(user))")
        }
        guard sudo, ["Account expired", "is expired", "account validation"].contains(where: said.contains) else {
            return nil
        }
        return SSHError(
            code: .sudoRefused, stage: .command,
            message: "sudo took the rule for \(user), but not an account: \(said)",
            remedy: "as root on the host, look at chage -l \(Shell.quote(user)) and chage -l root")
    }

    /// Whether sh, as root already, could not run the first program it wants: `sh: 1: exec: env: Permission denied`,
    /// `sh: line 1: /usr/bin/env: Success`.
    private static func mayNotExec(_ said: String) -> Bool {
        said.hasPrefix("sh: ") && said.contains("env: ") && !said.contains("not found")
    }

    private static func sudoRemedy(_ text: String, user: String) -> String {
        if text.contains("must have a tty") {
            return "let sudo run without a terminal: as root, visudo -f /etc/sudoers.d/haprov and add "
                + "\"Defaults:\(user) !requiretty\""
        }
        if text.contains("sudo: not found") || text.contains("No such file") || text.contains("command not found") {
            return "install sudo on the host, or log in as root (ssh: user: root in the inventory)"
        }
        return "let \(user) run commands without a password: as root, visudo -f /etc/sudoers.d/haprov and add "
            + "\"\(user) ALL=(root) NOPASSWD: ALL\"; or log in as root"
    }

    /// The last line with something in it, shortened.
    private static func lastWords(_ bytes: [UInt8]) -> String? {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let line = lines.last { $0.contains { !$0.isWhitespace } }
        return line.map { String($0.prefix(200)) }
    }
}
