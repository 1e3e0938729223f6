import ArgumentParser

/// What every command that reads an inventory takes.
struct CommonOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The inventory.", discussion: "Otherwise $HAPROV_INVENTORY, or else ./inventory.yml.",
            valueName: "inventory"),
        completion: .file(extensions: ["yml", "yaml"]))
    var inventory: String?

    @Option(
        help: ArgumentHelp(
            "Only these hosts, by name, parted by commas.",
            discussion: "The others are neither connected to nor changed.", valueName: "host,…"))
    var limit: String?

    @Option(
        help: ArgumentHelp(
            "The folder of tarballs.", discussion: "Otherwise $HAPROV_ASSETS, or else assets/ beside the inventory.",
            valueName: "folder"), completion: .directory)
    var assets: String?

    @Option(help: "The folder of playbooks, where it is a changed copy.", completion: .directory)
    var playbooks: String?

    @OptionGroup var output: OutputOptions
}

/// How a command speaks.
struct OutputOptions: ParsableArguments {
    @Flag(help: "One JSON object a line on standard output and nothing else; the last is the summary.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say more, such as the output of compilers.")
    var verbose = false

    @Flag(help: "No colour, also on a terminal.")
    var noColor = false

    func console() -> Console { Console(json: json, verbose: verbose, noColour: noColor) }
}

/// For commands that change hosts.
struct ConsentOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false
}
