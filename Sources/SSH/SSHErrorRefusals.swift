import HostShell

// Scripts that never began.
extension SSHError {
    /// Why a script that ended without its first line did not run.
    ///
    /// - Parameter wasAsked: whether the password was asked for, and given.
    static func notBegun(
        _ result: RemoteResult, noise: [UInt8], root: RootWay?, wasAsked: Bool, user: String
    ) -> SSHError {
        let said = lastWords(result.standardError) ?? lastWords(noise) ?? "nothing"
        if let expired = expired(said, sudo: root?.program == .sudo, user: user) { return expired }
        let end = result.exitStatus.map { "exit status \($0)" } ?? "signal \(result.signal ?? "unknown")"
        guard let root else {
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
        if wasAsked, ["ncorrect password", "try again", "uthentication failure"].contains(where: said.contains) {
            return rootPasswordRefused(root.program, user: user)
        }
        let text = String(decoding: noise + result.standardError, as: UTF8.self)
        return SSHError(
            code: .sudoRefused, stage: .command,
            message: "\(root.program.rawValue) did not let \(user) become root: \(said)",
            remedy: remedy(root, text, wasAsked: wasAsked, user: user))
    }

    /// A session is open, and nothing comes of it.
    ///
    /// - Parameter seconds: how long it was silent; nil where the time was up in all.
    static func notBegunInTime(_ noise: [UInt8], root: RootWay?, user: String, seconds: Double?) -> SSHError {
        let said = lastWords(noise).map { "; it said: \($0)" } ?? ""
        let limit = seconds.map { " within \(secondsText($0))" } ?? ""
        let way = root.map { ", or \($0.program.rawValue)," } ?? ""
        return SSHError(
            code: .timedOut, stage: .command,
            message: "the session is opened, but the command gives nothing\(limit): "
                + "a ForceCommand or recorder of sessions\(way) on the host holds it up\(said)",
            remedy: "try it by hand (ssh \(user)@… true); let \(user) past ForceCommand (sshd_config), command= "
                + "(authorized_keys) or the recorder, or give it more time (ssh: timeouts: begin)")
    }

    /// A host did not take the password.
    static func rootPasswordRefused(_ program: RootAccess.Program, user: String) -> SSHError {
        SSHError(
            code: .sudoRefused, stage: .command,
            message: "\(program.rawValue) did not take \(password(program, user)); it is not tried again, "
                + "nor on a host that has not taken it yet",
            remedy: "put the password right (ssh: become), after a try by hand on the host: \(trial(program))")
    }

    /// Another host did not take the password.
    static func rootPasswordRefusedElsewhere(_ program: RootAccess.Program, user: String) -> SSHError {
        SSHError(
            code: .sudoRefused, stage: .command,
            message: "\(password(program, user)) did not make \(user) root on another host, so it is not tried here",
            remedy: "put the password right (ssh: become), after a try by hand on that host: \(trial(program))")
    }

    /// On the machine that haprov runs on, where sudo or su wants a terminal, which haprov gives by SSH alone.
    static func localTerminal(_ user: String) -> SSHError {
        SSHError(
            code: .sudoRefused, stage: .command, message: "sudo or su wants a terminal here (requiretty)",
            remedy:
                "as root, visudo -f /etc/sudoers.d/haprov and add \"Defaults:\(user) !requiretty\"; or run haprov as "
                + "root, or take `connection: local` from the inventory")
    }

    static func noRootPassword(
        _ program: RootAccess.Program, user: String, missing: SSHCredentials.Missing
    ) -> SSHError {
        let rule = visudo("\(user) ALL=(root) NOPASSWD: ALL")
        let without = program == .sudo ? "or let \(user) do without: \(rule)" : ""
        return SSHError(
            code: .sudoRefused, stage: .command,
            message: "\(program.rawValue) asks for \(password(program, user)), and there is none: \(missing.reason)",
            remedy: [missing.remedy, without].filter { !$0.isEmpty }.joined(separator: ", "))
    }

    private static func password(_ program: RootAccess.Program, _ user: String) -> String {
        program == .sudo ? "the password of \(user)" : "the password of root"
    }

    private static func trial(_ program: RootAccess.Program) -> String { program == .sudo ? "sudo -k -v" : "su -c id" }

    private static func visudo(_ line: String) -> String {
        "as root, visudo -f /etc/sudoers.d/haprov and add \"\(line)\""
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

    private static func remedy(_ root: RootWay, _ text: String, wasAsked: Bool, user: String) -> String {
        if text.contains("not found") || text.contains("No such file") {
            return "install \(root.program.rawValue) on the host, or log in as root (ssh: user: root in the inventory)"
        }
        guard root.program == .sudo else {
            return "try \(trial(.su)) by hand on the host, use sudo (ssh: become: { by: sudo }), or log in as root"
        }
        if wasAsked {
            return "let \(user) become root: \(visudo("\(user) ALL=(root) ALL")); or log in as root"
        }
        return "let \(user) run commands without a password: \(visudo("\(user) ALL=(root) NOPASSWD: ALL")); "
            + "or give the password (ssh: become); or log in as root"
    }

    /// The last line with something in it, shortened.
    private static func lastWords(_ bytes: [UInt8]) -> String? {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let line = lines.last { $0.contains { !$0.isWhitespace } }
        return line.map { String($0.prefix(200)) }
    }
}
