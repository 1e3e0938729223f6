/// One thing that will be done to one host, and that its journal can take back.
package struct Change: Sendable, Equatable {
    /// The host function that makes it: `K_V` has `K_V_save`, `K_V_do` and `K_V_undo` in `HostScripts`.
    package var function: String
    package var arguments: [String]
    /// The resource, such as `file /etc/sysctl.d/90-haprov.conf`; services name these in `reload_on`.
    package var resource: String
    /// What it does, in words.
    package var summary: String
    package var content: Content
    /// A unified diff, secrets masked; the size alone where the content is one.
    package var diff: String?
    /// Whether nothing of the content may be shown.
    package var isSecret = false
    /// Whether making it can change what later changes find, so that those must be looked at only afterwards.
    package var isBarrier: Bool

    package init(
        _ function: String, _ arguments: [String], resource: String, summary: String, content: Content = .none,
        diff: String? = nil, isBarrier: Bool = false
    ) {
        self.function = function
        self.arguments = arguments
        self.resource = resource
        self.summary = summary
        self.content = content
        self.diff = diff
        self.isBarrier = isBarrier
    }

    /// What travels to the host beside the arguments. Secrets travel only here.
    package enum Content: Sendable, Equatable {
        case none
        case bytes([UInt8])
        /// The tree that a build gives, by the build's identity: it may not have been compiled yet.
        case artifact(BuildID)
        /// A program of haprov's own.
        case program(StaticProgram)
    }
}

/// A look at a host in the course of a run, which must come out well for the run to go on. Changes nothing.
package struct Check: Sendable, Equatable {
    /// A function of `HostScripts/health.sh`.
    package var function: String
    package var arguments: [String]
    package var summary: String

    package init(_ function: String, _ arguments: [String], summary: String) {
        self.function = function
        self.arguments = arguments
        self.summary = summary
    }
}

/// A step of a run on one host.
package enum Step: Sendable, Equatable {
    case change(Change)
    case check(Check)
    /// Takes back one change of an earlier run.
    case undo(Undo)

    package var summary: String {
        switch self {
        case .change(let change): change.summary
        case .check(let check): check.summary
        case .undo(let undo): undo.summary
        }
    }

    package var isCheck: Bool {
        if case .check = self { return true }
        return false
    }
}

/// Taking one change back.
package struct Undo: Sendable, Equatable {
    package var run: String
    package var number: String
    package var resource: String
    package var summary: String
    /// The journal is told, but nothing is done: another step takes care of it.
    package var marksOnly = false
}
