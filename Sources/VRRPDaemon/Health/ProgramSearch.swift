import CLinux

/// Finds programs that a configuration names without their path, once, when it is read: as keepalived does.
enum ProgramSearch {
    /// What the C library gives where nothing is set.
    private static let standardPath = "/bin:/usr/bin"

    /// A command whose program is named by its whole path; as it was where that is so already or there is no such program.
    static func resolved(_ words: [String], as account: Account, log: Log) -> [String] {
        guard let name = words.first, !name.isEmpty, !name.contains("/") else { return words }
        let path = getenv("PATH").map { String(cString: $0) } ?? standardPath
        for folder in path.split(separator: ":") where folder.hasPrefix("/") {
            let candidate = "\(folder)/\(name)"
            guard isProgram(candidate, for: account) else { continue }
            log(.notice, "\(name) is \(candidate), by the PATH")
            return [candidate] + words.dropFirst()
        }
        log(.error, "there is no program \(name) in the PATH (\(path))")
        return words
    }

    /// Whether that user may run it; the superuser where anybody may.
    private static func isProgram(_ path: String, for account: Account) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & mode_t(S_IFMT) == mode_t(S_IFREG) else { return false }
        if account.user == 0 { return status.st_mode & 0o111 != 0 }
        if status.st_uid == account.user { return status.st_mode & 0o100 != 0 }
        return status.st_mode & (account.groups.contains(status.st_gid) ? 0o010 : 0o001) != 0
    }
}
