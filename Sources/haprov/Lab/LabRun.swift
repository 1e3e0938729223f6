import ArgumentParser

struct LabRun: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a command where it reaches the hosts.",
        discussion: """
            The command runs on this machine, in the network of the lab's controller, with HAPROV_INVENTORY set to the \
            lab's inventory. Terminal, signals and exit code are the command's own.
            """)

    @OptionGroup var options: LabNameOption

    @Argument(parsing: .postTerminator, help: "The command, after --.")
    var command: [String]

    func run() throws {
        try LabOutput.attempt("lab run", json: false) { try options.laboratory.run(command).replaceProcess() }
    }
}
