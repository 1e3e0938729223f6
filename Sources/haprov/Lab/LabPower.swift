import ArgumentParser

struct LabPower: ParsableCommand {
    enum Switch: String, ExpressibleByArgument, CaseIterable {
        case on, off
    }

    static let configuration = CommandConfiguration(
        commandName: "power", abstract: "Take a host's power away, or give it back.",
        discussion: "off kills every process of the host at once; its disk stays as it is. on boots it from that disk.")

    @OptionGroup var options: LabOptions

    @Argument(help: "The host.")
    var host: String

    @Argument(help: "on or off.")
    var power: Switch

    func run() throws {
        try LabOutput.attempt("lab power", json: options.json) {
            let laboratory = try options.laboratory
            try laboratory.setPower(of: host, on: power == .on)
            if options.json { LabOutput.write(try laboratory.status(command: "lab power")) }
        }
    }
}
