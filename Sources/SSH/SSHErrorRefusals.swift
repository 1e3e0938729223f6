// Scripts that never began.
extension SSHError {
    /// Why a script that ended without its first line did not run.
    static func notBegun(_ result: RemoteResult, noise: [UInt8], sudo: Bool, user: String) -> SSHError {
        let said = lastWords(result.standardError) ?? lastWords(noise) ?? "nothing"
        let end = result.exitStatus.map { "exit status \($0)" } ?? "signal \(result.signal ?? "unknown")"
        guard sudo else {
            return SSHError(
                code: .shellRefused, stage: .command,
                message: "the login shell of \(user) did not run the script; it ended with \(end) and said: \(said)",
                remedy: "give \(user) a login shell that runs commands (getent passwd \(user)), "
                    + "and look for a ForceCommand in sshd_config")
        }
        return SSHError(
            code: .sudoRefused, stage: .command, message: "sudo did not let \(user) become root: \(said)",
            remedy: sudoRemedy(String(decoding: result.standardError, as: UTF8.self), user: user))
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
