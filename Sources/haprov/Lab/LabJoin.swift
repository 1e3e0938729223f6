import ArgumentParser

struct LabJoin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Mend the cable of a host that was cut.")

    @OptionGroup var options: LabOptions

    @Argument(help: "The host, as the inventory calls it.")
    var host: String

    func run() async throws {
        try await options.run("lab join") { [host] lab, console in
            try lab.setCable(of: host, cut: false)
            return console.show(try lab.status())
        }
    }
}
