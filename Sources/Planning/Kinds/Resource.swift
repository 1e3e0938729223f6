import Errors
import Inventory
import Texts

/// Something that a host should have. Each kind is a folder: what to ask the host, how its answers are read, and which changes
/// follow from them; how a question is answered, and how a change is made and undone, stands in the shell file beside.
package protocol Resource: Sendable {
    /// The kind's name in playbooks.
    static var kind: String { get }
    /// What it makes sure of.
    static var meaning: Explanation { get }
    /// The fields that a step of this kind takes; its initializer reads them all.
    static var fields: [FieldDeclaration] { get }
    /// The shell functions that ask, make and undo it: a source for a `ShellLibrary`; nil where another kind brings them.
    static var script: [UInt8]? { get }
    /// The types of the changes that it makes; none where another kind's are used.
    static var changes: [any Change.Type] { get }
    /// What its questions' answers are read into; none where another kind's are asked.
    static var facts: [any Fact.Type] { get }
    /// Reads the fields of a playbook's step, rendered for one host.
    init(_ fields: Fields, context: ResourceContext) throws(PlaybookError)
    /// What must be known of the host.
    var queries: [ProbeQuery] { get }
    /// Where it may write.
    var writtenPaths: [String] { get }
    /// Where programs that it brings are run.
    var programFolders: [String] { get }
    /// Packages that the host's package manager is to bring.
    var packages: [String] { get }
    /// The product whose build has to be at hand before the rollout begins, since a host lacks it; nil where it is none.
    ///
    /// - Parameter builds: the identity of each product's build for that host.
    func missingProduct(facts: Facts, builds: [String: BuildID]) -> String?
    /// What stops nothing, but is to be known before anything is changed.
    func remarks(facts: Facts) -> [String]
    /// The steps from what is there to what should be. Pure.
    ///
    /// - Parameter earlier: the steps that this host's plan holds before these.
    func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step]
}

extension Resource {
    /// None, unless a kind says otherwise.
    package var writtenPaths: [String] { [] }
    /// None, unless a kind says otherwise.
    package var programFolders: [String] { [] }
    /// None, unless a kind says otherwise.
    package var packages: [String] { [] }
    /// None, unless a kind says otherwise.
    package func missingProduct(facts: Facts, builds: [String: BuildID]) -> String? { nil }
    /// None, unless a kind says otherwise.
    package func remarks(facts: Facts) -> [String] { [] }
    /// None, unless a kind says otherwise.
    package static var changes: [any Change.Type] { [] }
    /// None, unless a kind says otherwise.
    package static var facts: [any Fact.Type] { [] }
}

/// What the reading of a playbook's step may depend on, beside its fields.
package struct ResourceContext: Sendable {
    package var host: Host
    /// What templates are rendered with.
    package var values: TemplateContext
    /// The texts of templates by file name.
    package var templates: [String: String]
    /// Where templates are that lie elsewhere, as faults name them.
    package var places: [String: String]
    /// Values that must not appear in output.
    package var secrets: [String] { values.secrets }

    package init(
        host: Host, values: TemplateContext, templates: [String: String], places: [String: String] = [:]
    ) {
        self.host = host
        self.values = values
        self.templates = templates
        self.places = places
    }
}

/// What plans depend on, beside a host's own facts.
package struct PlanContext: Sendable {
    package var cluster: Cluster
    package var host: Host
    package var platform: any Platform
    /// The identity of each product's build for this host's platform.
    package var builds: [String: BuildID]
    /// Run-time packages of each product.
    package var secrets: [String]
    /// haprov's own programs for hosts, by name.
    package var programs: [String: StaticProgram] = [:]
    /// What is known of the packages that it lacks; nil where it lacks none.
    package var packages: PackageAnswer?

    package init(
        cluster: Cluster, host: Host, platform: any Platform, builds: [String: BuildID], secrets: [String],
        programs: [String: StaticProgram] = [:], packages: PackageAnswer? = nil
    ) {
        self.cluster = cluster
        self.host = host
        self.platform = platform
        self.builds = builds
        self.secrets = secrets
        self.programs = programs
        self.packages = packages
    }
}

/// The kinds that playbooks can use, by name.
package enum ResourceKinds {
    package static let all: [any Resource.Type] = [
        PackageResource.self, UserResource.self, DirectoryResource.self, FileResource.self, TemplateResource.self,
        TreeResource.self, LinkResource.self, ArchiveResource.self, ProgramResource.self, SysctlResource.self,
        FirewallResource.self,
        ServiceResource.self, CommandResource.self, SELinuxResource.self, HealthResource.self,
    ]

    /// The type of the changes that a host function makes.
    package static func changeType(of function: String) -> (any Change.Type)? {
        all.lazy.flatMap { $0.changes }.first { $0.functions.contains(function) }
    }

    /// A change as a journal has it; nil for one that this haprov does not know.
    package static func change(_ function: String, _ arguments: [String]) -> (any Change)? {
        changeType(of: function)?.init(function: function, arguments: arguments)
    }

    /// What undoes any change.
    package static var undoFunctions: [String] {
        all.flatMap { $0.changes }.flatMap { $0.functions }.map { $0 + "_undo" }
    }

    /// The shell functions of all kinds: sources for a `ShellLibrary`.
    package static var scripts: [[UInt8]] { all.compactMap { $0.script } }

    package static func named(_ name: String) -> (any Resource.Type)? { all.first { $0.kind == name } }
}
