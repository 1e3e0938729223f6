import ArgumentParser

struct LabCut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Cut a host's cable: its NIC loses the link.",
        discussion: "`haprov lab join` mends it.")

    @OptionGroup var options: LabOptions

    @Argument(help: "The host, as the inventory calls it.")
    var host: String

    func run() async throws {
        try await options.run("lab cut") { [host] lab, console in
            try lab.setCable(of: host, cut: true)
            return console.show(try lab.status())
        }
    }
}
