import ArgumentParser

struct LabExec: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command as root on a host, beside ssh.",
        discussion: """
            It works also where the host's cable is cut. Terminal, signals and exit code are the command's own.

              haprov lab exec haproxy1 -- ip addr show
            """)

    @OptionGroup var options: LabNameOption

    @Argument(help: "The host, as the inventory calls it.")
    var host: String

    @Argument(parsing: .postTerminator, help: "The command, after --.")
    var command: [String]

    func run() throws {
        try Runner.become { try options.laboratory().exec(on: host, command).replaceProcess() }
    }
}
