import ArgumentParser

/// What a command takes that works on one cluster or on several.
struct ClustersOptions: ParsableArguments {
    @Argument(
        help: "The inventory, or several, one a cluster; otherwise $HAPROV_INVENTORY, or else ./inventory.yml.",
        completion: .file(extensions: ["yml", "yaml"]))
    var inventories: [String] = []

    @Option(
        help: ArgumentHelp(
            "On how many clusters to work at a time; 1 unless said. With more nothing is asked, passwords neither.",
            valueName: "n"))
    var parallel: Int?

    @Flag(help: "Go on with the other clusters where one fails; otherwise no further one is begun.")
    var keepGoing = false

    @Option(
        help: ArgumentHelp(
            """
            Only every n-th of the inventories, sorted by path, from the i-th on: for array jobs, whose tasks 1/n … n/n then \
            work on each cluster once.
            """, valueName: "i/n"))
    var shard: Shard?

    @OptionGroup var workspace: WorkspaceOptions

    /// Whether it is the way of several clusters, which a script's list may have one of.
    var areSeveral: Bool { inventories.count > 1 || parallel != nil || keepGoing || shard != nil }

    /// How many clusters are worked on at a time.
    var width: Int { parallel ?? 1 }

    func validate() throws {
        if width < 1 { throw ValidationError("--parallel takes a number of clusters, 1 at least.") }
        guard areSeveral else { return }
        if inventories.isEmpty {
            throw ValidationError("--parallel, --keep-going and --shard are for inventories that are named: name them.")
        }
        if workspace.limit != nil {
            throw ValidationError(
                "--limit names hosts of one cluster: name one inventory, without options for several.")
        }
    }
}
