import HostShell

/// Where programs may not run.
package struct ProgramFacts: Fact {
    package var blocked: [String: BlockedFolder] = [:]

    package init() {}

    package static let words: Set = ["blocked"]

    package mutating func take(_ record: Record) {
        blocked[record[1]] = BlockedFolder(
            words: record[2], mount: record[3], by: BlockedFolder.Blocker(rawValue: record[4]))
    }
}

extension Facts {
    /// By folder; it need not be there yet.
    package var blocked: [String: BlockedFolder] {
        get { self[ProgramFacts.self].blocked }
        set { self[ProgramFacts.self].blocked = newValue }
    }
}

/// A folder in which a program was tried out, and did not run.
package struct BlockedFolder: Sendable, Equatable {
    /// What is known to forbid it.
    package enum Blocker: String, Sendable { case noexec, fapolicyd, kysec }

    /// What the system said.
    package var words: String
    /// The mount point of the file system that it is in.
    package var mount: String
    /// Nil where that was not found out.
    package var by: Blocker?

    package init(words: String, mount: String, by: Blocker?) {
        self.words = words
        self.mount = mount
        self.by = by
    }
}

extension BlockedFolder {
    /// What it means for programs that are to be put there, and what can be done.
    func failure(_ folder: String, host: String) -> (summary: String, remedy: String) {
        let again = "then run haprov again."
        switch by {
        case .noexec:
            return (
                "no program runs in \(folder): \(mount) is mounted with noexec",
                "Take that option off: `mount -o remount,exec \(mount)` on \(host), and in its /etc/fstab or mount unit; "
                    + again
            )
        case .fapolicyd:
            return (
                "no program runs in \(folder): fapolicyd lets none run that came in no package (\(words))",
                "Put the line `allow perm=any all : dir=\(folder)/` into /etc/fapolicyd/rules.d/30-haprov.rules on \(host), "
                    + "have it taken up by `fagenrules --load`, \(again)"
            )
        case .kysec:
            return (
                "no program runs in \(folder): kysec lets none run that it does not know (\(words))",
                "Let programs run there in kysec's execution control, or switch that off while changes are made "
                    + "(`setstatus -f exectl off`) and mark them afterwards (`kysec_set -n exectl -v trusted FILE`); \(again)"
            )
        case nil:
            return (
                "no program runs in \(folder): \(words)",
                "Find out what forbids it: mount options, SELinux, a list of programs that may run; \(again)"
            )
        }
    }
}
