import ArgumentParser

struct LabCut: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Cut a host's cable: its NIC loses the link.")

    @OptionGroup var options: LabOptions

    @Argument(help: "The host.")
    var host: String

    func run() throws {
        try LabOutput.attempt("lab cut", json: options.json) {
            let laboratory = try options.laboratory
            try laboratory.setCable(of: host, cut: true)
            if options.json { LabOutput.write(try laboratory.status(command: "lab cut")) }
        }
    }
}
