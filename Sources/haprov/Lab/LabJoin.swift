import ArgumentParser

struct LabJoin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Mend the cable of a host that was cut.")

    @OptionGroup var options: LabOptions

    @Argument(help: "The host.")
    var host: String

    func run() throws {
        try LabOutput.attempt("lab join", json: options.json) {
            let laboratory = try options.laboratory
            try laboratory.setCable(of: host, cut: false)
            if options.json { LabOutput.write(try laboratory.status(command: "lab join")) }
        }
    }
}
