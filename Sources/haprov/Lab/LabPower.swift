import ArgumentParser
import Lab

struct LabPower: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power", abstract: "Take a host's power away, or give it back.",
        discussion: """
            off kills every process of the host at once; its disk stays as it is. on boots it from that disk. fail is off \
            for a lab with disks (`lab up --disks`): what the host has written and not flushed is lost.

              haprov lab power haproxy1 off
            """)

    @OptionGroup var options: LabOptions

    @Argument(help: "The host, as the inventory calls it.")
    var host: String

    @Argument(help: "What to do with its power.")
    var power: HostPower

    func run() async throws {
        try await options.run("lab power") { [host, power] lab, console in
            try await lab.setPower(of: host, power)
            return console.show(try lab.status())
        }
    }
}

extension HostPower: ExpressibleByArgument {}
