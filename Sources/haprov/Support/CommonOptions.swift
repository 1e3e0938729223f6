import ArgumentParser

/// What every command that reads an inventory takes.
struct CommonOptions: ParsableArguments {
    @Argument(
        help: "The inventory; otherwise $HAPROV_INVENTORY, or else ./inventory.yml.",
        completion: .file(extensions: ["yml", "yaml"]))
    var inventory: String?

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
        help: ArgumentHelp("The folder of playbooks, where it is a changed copy.", valueName: "folder"),
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

/// For commands that change hosts.
struct ConsentOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask before hosts are changed.")
    var yes = false
}
