import ArgumentParser

struct LabExec: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command as root on a host, beside ssh.")

    @OptionGroup var options: LabNameOption

    @Argument(help: "The host.")
    var host: String

    @Argument(parsing: .postTerminator, help: "The command, after --.")
    var command: [String]

    func run() throws {
        try LabOutput.attempt("lab exec", json: false) {
            try options.laboratory.exec(on: host, command).replaceProcess()
        }
    }
}
