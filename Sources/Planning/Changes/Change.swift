/// One thing that is done to a host, and that its journal can take back. One type a thing; what a plan has to decide by is a
/// property here, never a word of its summary.
package protocol Change: Codable, Sendable, Equatable {
    /// The host functions that make changes of this type: `K_V` has `K_V_save`, `K_V_do` and `K_V_undo` in the kind's shell file.
    static var functions: [String] { get }
    /// The one of them that makes this change.
    var function: String { get }
    /// What it is called with.
    var arguments: [String] { get }
    /// From an entry of a journal, which knows nothing of what was found; nil where these are not its arguments.
    init?(function: String, arguments: [String])

    /// What it is done to.
    var subject: Subject { get }
    /// What it does, in words.
    var summary: String { get }
    /// What travels to the host beside the arguments. Secrets travel only here.
    var content: Content { get }
    /// A unified diff, secrets masked; the size alone where the content is a secret.
    var diff: String? { get }
    /// Whether nothing of the content may be shown.
    var isSecret: Bool { get }
    /// Whether making it can change what later changes find, so that those must be looked at only afterwards.
    var isBarrier: Bool { get }
    /// The paths that it writes, or the directories below which it does.
    var writes: [String] { get }
    /// The folders in which programs of its have to run.
    var programFolders: [String] { get }
    /// Whether it brings files by the hundred.
    var bringsManyFiles: Bool { get }
    /// By what it may change how a failover goes.
    var bearing: FailoverBearing { get }
    /// Whether it installs by the package manager, from where the plan found that packages can be had.
    var installsPackages: Bool { get }
    /// What a host is found to lack without it, for people who look and change nothing.
    var drift: [String] { get }
    /// Whether taking this change back also brings back all that a later one changed, so that the later one need not be kept: see
    /// ``JournalFold``. What undoes both may have to be put together on the host, by a function `K_V_fold`.
    func covers(_ later: any Change) -> Bool
}

extension Change {
    /// None, unless a type says otherwise.
    package var content: Content { .none }
    /// None, unless a type says otherwise.
    package var diff: String? { nil }
    /// No, unless a type says otherwise.
    package var isSecret: Bool { false }
    /// No, unless a type says otherwise.
    package var isBarrier: Bool { false }
    /// None, unless a type says otherwise.
    package var programFolders: [String] { [] }
    /// No, unless a type says otherwise.
    package var bringsManyFiles: Bool { false }

    /// By nothing, unless a type says otherwise.
    package var bearing: FailoverBearing { .none }
    /// No, unless a type says otherwise.
    package var installsPackages: Bool { false }
    /// What it would do, unless a type says otherwise.
    package var drift: [String] { [summary] }
    /// No, unless a type says otherwise.
    package func covers(_ later: any Change) -> Bool { false }

    func isEqual(to other: any Change) -> Bool { (other as? Self) == self }
}

/// By what a change may change how a failover goes.
package enum FailoverBearing: Sendable, Equatable {
    case none
    /// What is at this path is another then.
    case path(String)
    /// The product's programs are others then.
    case product(String)
    /// The unit runs no more.
    case stop(unit: String)
}

/// What travels to a host beside a change's arguments.
package enum Content: Sendable, Equatable, Codable {
    case none
    case bytes([UInt8])
    /// The tree that a build gives, by the build's identity: it may not have been compiled yet.
    case artifact(BuildID)
    /// A program of haprov's own.
    case program(StaticProgram)
}
