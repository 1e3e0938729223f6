import CLinux
import VRRP

/// Who runs a script. The C library's own look-up cannot be linked statically, so passwd(5) and group(5) are read here; users
/// of other sources (LDAP) are given by number.
struct Account: Hashable {
    var user: uid_t
    var group: gid_t
    /// All groups that list the user, and ``group``.
    var groups: [gid_t]
    var name: String
    var home: String

    /// The superuser.
    static let root = Account(user: 0, group: 0, groups: [0], name: "root", home: "/root")

    /// Nil where there is no such user or group.
    init?(_ wanted: ScriptUser) {
        let lines = Self.lines("/etc/passwd")
        let number = uid_t(wanted.user)
        let line = lines.first { $0.count >= 6 && ($0[0] == wanted.user || (number != nil && uid_t($0[2]) == number)) }
        guard let user = line.flatMap({ uid_t($0[2]) }) ?? number else { return nil }
        let groupLines = Self.lines("/etc/group")
        let own = line.flatMap { gid_t($0[3]) } ?? gid_t(user)
        if let wantedGroup = wanted.group {
            let found = groupLines.first { $0.count >= 3 && $0[0] == wantedGroup }.flatMap { gid_t($0[2]) }
            guard let group = found ?? gid_t(wantedGroup) else { return nil }
            self.group = group
        } else {
            group = own
        }
        let name = line?[0] ?? wanted.user
        self.user = user
        self.name = name
        home = line?[5] ?? "/"
        let listed = groupLines.filter { $0.count >= 4 && $0[3].split(separator: ",").contains(Substring(name)) }
            .compactMap { gid_t($0[2]) }
        groups = [group] + listed.filter { [group] in $0 != group }
    }

    private init(user: uid_t, group: gid_t, groups: [gid_t], name: String, home: String) {
        (self.user, self.group, self.groups, self.name, self.home) = (user, group, groups, name, home)
    }

    /// Who runs scripts that name nobody: as keepalived, `script_user`, else `keepalived_script` where there is such a user,
    /// else root.
    static func standard(_ global: GlobalDefinitions) -> Account? {
        if let wanted = global.scriptUser { return Account(wanted) }
        return Account(ScriptUser(user: "keepalived_script")) ?? .root
    }

    private static func lines(_ path: String) -> [[String]] {
        let descriptor = linux_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var octets: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while case let count = read(descriptor, &part, part.count), count > 0 { octets += part.prefix(count) }
        return String(decoding: octets, as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
    }
}

/// Whether a program may be run with root's rights.
enum ScriptSecurity {
    /// What is wrong with a program; nil where it may be run as that user.
    static func objection(to path: String, as account: Account) -> String? {
        guard path.hasPrefix("/") else { return "\(path) is not named by its whole path, nor found in the PATH" }
        guard access(path, X_OK) == 0 else {
            return "\(path) cannot be run: \(String(cString: strerror(linux_errno())))"
        }
        guard account.user == 0 else { return nil }
        // Every link and directory on the way decides what is run in the end.
        var resolved = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard realpath(path, &resolved) != nil else { return "\(path) cannot be found" }
        let real = String(decoding: resolved.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for whole in Set([path, real]) {
            var part = ""
            for name in whole.split(separator: "/") {
                part += "/\(name)"
                var status = stat()
                guard lstat(part, &status) == 0 else { return "\(part) cannot be looked at" }
                // Modes of symbolic links mean nothing; a sticky directory lets nobody replace what is another's.
                let isLink = status.st_mode & mode_t(S_IFMT) == mode_t(S_IFLNK)
                let isOpen = !isLink && status.st_mode & 0o022 != 0 && status.st_mode & mode_t(S_ISVTX) == 0
                if status.st_uid != 0 || isOpen {
                    return "\(part) can be changed by others than root, so it is not run as root; chown and chmod it"
                }
            }
        }
        return nil
    }
}
