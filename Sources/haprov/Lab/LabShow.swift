import ArgumentParser

struct LabShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the lab's hosts: up, dead, without power, cable cut.")

    @OptionGroup var options: LabOptions

    func run() throws {
        try LabOutput.attempt("lab status", json: options.json) {
            let status = try options.laboratory.status()
            LabOutput.show(status, json: options.json)
            if !status.ok { throw ExitCode(1) }
        }
    }
}
