import ArgumentParser

struct LabPower: AsyncParsableCommand {
    enum Switch: String, ExpressibleByArgument, CaseIterable {
        case on, off
    }

    static let configuration = CommandConfiguration(
        commandName: "power", abstract: "Take a host's power away, or give it back.",
        discussion: """
            off kills every process of the host at once; its disk stays as it is. on boots it from that disk.

              haprov lab power haproxy1 off
            """)

    @OptionGroup var options: LabOptions

    @Argument(help: "The host, as the inventory calls it.")
    var host: String

    @Argument(help: "What to do with its power.")
    var power: Switch

    func run() async throws {
        try await options.run("lab power") { [host, power] lab, console in
            try await lab.setPower(of: host, on: power == .on)
            return console.show(try lab.status())
        }
    }
}
