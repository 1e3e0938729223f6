import ArgumentParser
import Lab

struct LabDown: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Take the lab down; nothing of it stays but the cached image.")

    private struct Summary: Encodable {
        var type = "summary"
        var command = "lab down"
        var ok = true
        var labs: [String]
    }

    @OptionGroup var options: LabOptions

    @Flag(name: .long, help: "Every lab of this machine.")
    var all = false

    func validate() throws {
        if all, options.name != nil { throw ValidationError("--all and --name exclude each other.") }
    }

    func run() throws {
        try LabOutput.attempt("lab down", json: options.json) {
            let labs = all ? Laboratory.all().map { Laboratory($0) } : [try options.laboratory]
            for lab in labs {
                try lab.down()
                if !options.json { print("lab \(lab.name) is down") }
            }
            if options.json { LabOutput.write(Summary(labs: labs.map(\.name.description))) }
        }
    }
}
