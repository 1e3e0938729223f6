import HostShell

/// The operating system, and what there is room for.
package struct SystemFacts: Fact {
    package var system = System()
    package var tools: [String: Bool] = [:]
    package var selinux: String?
    package var space: [String: Int] = [:]
    package var mounts: [String: String] = [:]
    package var inodes: [String: Int] = [:]
    package var unwritable: [String: String] = [:]
    package var logsInput = false

    package init() {}

    package static let words: Set = ["host", "tool", "selinux", "space", "inodes", "unwritable", "sudolog"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "host":
            system = System(
                id: record[1], version: record[2], release: record[3], architecture: record[4], kernel: record[5],
                libc: record[6], initSystem: record[7], userID: record.number(8), hostName: record[9],
                like: record[10], programs: record[11])
        case "tool": tools[record[1]] = record.flag(2)
        case "selinux": selinux = record[1]
        case "space":
            space[record[1]] = record.number(2)
            if !record[3].isEmpty { mounts[record[1]] = record[3] }
        case "inodes": inodes[record[1]] = record.number(2)
        case "sudolog": logsInput = true
        default: unwritable[record[1]] = record[2]
        }
    }
}

extension Facts {
    package var system: System {
        get { self[SystemFacts.self].system }
        set { self[SystemFacts.self].system = newValue }
    }

    /// The programs that were looked for, and whether they are there.
    package var tools: [String: Bool] {
        get { self[SystemFacts.self].tools }
        set { self[SystemFacts.self].tools = newValue }
    }

    /// The answer of `getenforce`, where there is such a program.
    package var selinux: String? {
        get { self[SystemFacts.self].selinux }
        set { self[SystemFacts.self].selinux = newValue }
    }

    /// Free space by directory, in KiB.
    package var space: [String: Int] {
        get { self[SystemFacts.self].space }
        set { self[SystemFacts.self].space = newValue }
    }

    /// The mount points of the file systems in which directories are, by directory.
    package var mounts: [String: String] {
        get { self[SystemFacts.self].mounts }
        set { self[SystemFacts.self].mounts = newValue }
    }

    /// Free inodes by directory, where the file system counts them.
    package var inodes: [String: Int] {
        get { self[SystemFacts.self].inodes }
        set { self[SystemFacts.self].inodes = newValue }
    }

    /// Whether sudo keeps what scripts get on their standard input.
    package var logsInput: Bool {
        get { self[SystemFacts.self].logsInput }
        set { self[SystemFacts.self].logsInput = newValue }
    }

    /// Why nothing can be written there, by path.
    package var unwritable: [String: String] {
        get { self[SystemFacts.self].unwritable }
        set { self[SystemFacts.self].unwritable = newValue }
    }
}

/// The operating system.
package struct System: Sendable, Equatable, Codable {
    /// `ID` of os-release(5).
    package var id = ""
    /// `VERSION_ID` of os-release(5).
    package var version = ""
    /// A line such as `CentOS Linux release 7.7.1908 (Core)`.
    package var release = ""
    package var architecture = ""
    package var kernel = ""
    package var libc = ""
    /// The name of process 1.
    package var initSystem = ""
    package var userID = 0
    package var hostName = ""
    /// `ID_LIKE` of os-release(5): what it is kin of, parted by blanks.
    package var like = ""
    /// Of the programs that package managers are made of, those that are there, parted by blanks.
    package var programs = ""

    /// Whether a program of a package manager is there.
    package func has(_ program: String) -> Bool { programs.split(separator: " ").contains { $0 == program } }

    /// The version with its minor part, where the release line tells it: `7.7.1908`.
    package var fullVersion: String {
        release.split(separator: " ").first { $0.first?.isNumber == true }.map(String.init) ?? version
    }

    /// What it says that it is, for people who have to tell it from others.
    package var title: String {
        let words = ["ID=\(id)", "ID_LIKE=\(like)", "packages by=\(programs)"].filter { !$0.hasSuffix("=") }
        let found = [release] + (words.isEmpty ? [] : ["(\(words.joined(separator: ", ")))"])
        let text = found.filter { !$0.isEmpty }.joined(separator: " ")
        return text.isEmpty ? "it says nothing of itself (/etc/os-release)" : text
    }

    /// Hosts of which these agree can run each other's programs.
    package var buildPlatform: String { "\(id) \(fullVersion) \(architecture) \(libc)" }
}
