import ArgumentParser
import YAMLReading

/// What every command that reads an inventory takes.
struct CommonOptions: ParsableArguments {
    @Argument(
        help: "The inventory; otherwise $HAPROV_INVENTORY, or else ./inventory.yml.",
        completion: .file(extensions: ["yml", "yaml"]))
    var inventory: String?

    @OptionGroup var workspace: WorkspaceOptions

    var limit: String? { workspace.limit }
    var output: OutputOptions { workspace.output }
}

/// What goes with an inventory, or with several.
struct WorkspaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only these hosts, by name, separated by commas; the others are neither connected to nor changed.",
            valueName: "host,…"))
    var limit: String?

    @Option(
        help: ArgumentHelp(
            "The folder of tarballs; otherwise $HAPROV_ASSETS, or else assets/ beside the inventory.",
            valueName: "folder"), completion: .directory)
    var assets: String?

    @Option(
        help: ArgumentHelp("A folder with what is to differ of haprov's own playbooks.", valueName: "folder"),
        completion: .directory)
    var playbooks: String?

    @OptionGroup var output: OutputOptions
}

/// How a command speaks.
struct OutputOptions: ParsableArguments {
    @Flag(help: "One JSON object a line on standard output and nothing else; the last has the type summary.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say more, such as what compilers print.")
    var verbose = false

    @Flag(help: "No colour, also on a terminal; $NO_COLOR does the same.")
    var noColor = false

    func console() -> Console { Console(json: json, verbose: verbose, noColour: noColor) }
}

/// For commands that may do without a balancer.
struct WithoutOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Leave these balancers out, by name, separated by commas: dead ones, that the others can be changed. Never where \
            VRRP's settings or the balancers themselves change. No failover drill; apply ends 4, and status tells of it \
            until they are brought up to date.
            """, valueName: "host,…"))
    var without: String?

    /// - Throws: where others are chosen by `--limit`, or where there are several clusters.
    func refuse(_ options: ClustersOptions) throws {
        guard without != nil else { return }
        if options.areSeveral {
            throw ValidationError(
                "--without names balancers of one cluster: name one inventory, without options for several.")
        }
        if options.workspace.limit != nil {
            throw ValidationError("--without and --limit exclude each other: name the ones or the others.")
        }
    }
}

/// For commands that change hosts.
struct AgreementOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask before hosts are changed.")
    var yes = false

    @Option(
        help: ArgumentHelp(
            "Why, in one line: kept in the hosts' journals, shown by history and told to their syslog.",
            valueName: "text"))
    var reason = ""

    func validate() throws {
        if reason.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw ValidationError("--reason takes one line, without control characters.")
        }
    }
}

/// For commands that change hosts and may wait for whoever is at work there.
struct ConsentOptions: ParsableArguments {
    @OptionGroup var agreement: AgreementOptions

    @Option(
        help: ArgumentHelp(
            "How long to wait for somebody else who is at work on the hosts, such as 10m; otherwise that is an error at once.",
            valueName: "duration"))
    var wait: String?

    var yes: Bool {
        get { agreement.yes }
        set { agreement.yes = newValue }
    }

    var reason: String { agreement.reason }

    /// Until when a lock of somebody else's is waited for; nil where it is not.
    var patience: ContinuousClock.Instant? {
        wait.flatMap { Notation.milliseconds($0, plainUnit: 1000) }.map { ContinuousClock.now + .milliseconds($0) }
    }

    func validate() throws {
        if let wait, Notation.milliseconds(wait, plainUnit: 1000) == nil {
            throw ValidationError("--wait takes a duration such as 90s or 10m; '\(wait)' is none.")
        }
    }
}
