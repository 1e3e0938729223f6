import ArgumentParser
import Lab

struct LabDown: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Take the lab down; nothing of it stays but the cached image.",
        discussion: "Where there is no such lab, all is well already.")

    @Flag(help: "Every lab of this machine.")
    var all = false

    @OptionGroup var options: LabOptions

    func validate() throws {
        if all, options.which.name != nil { throw ValidationError("--all and --name exclude each other.") }
    }

    func run() async throws {
        try await options.run("lab down") { [all] lab, console in
            let labs = all ? Laboratory.all().map { Laboratory($0) } : [lab]
            for lab in labs {
                try await lab.down()
                console.say("Lab \(lab.name) is down.")
            }
            if labs.isEmpty { console.say("There is no lab on this machine.") }
            return Outcome(fields: ["labs": .list(labs.map { .text($0.name.description) })])
        }
    }
}
