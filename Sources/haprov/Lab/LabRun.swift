import ArgumentParser

struct LabRun: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a command where it reaches the hosts.",
        discussion: """
            The command runs on this machine, in the network of the lab's controller, with HAPROV_INVENTORY set to the \
            lab's inventory. Terminal, signals and exit code are the command's own.

              haprov lab run -- haprov apply
              haprov lab run -- curl http://172.16.122.100/
            """)

    @OptionGroup var options: LabNameOption

    @Argument(parsing: .postTerminator, help: "The command, after --.")
    var command: [String]

    func run() throws {
        try Runner.become { try options.laboratory().run(command).replaceProcess() }
    }
}
