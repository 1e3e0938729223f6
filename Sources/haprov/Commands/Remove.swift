import ArgumentParser
import Provisioning

struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a balancer out of the cluster for good.",
        discussion: """
            It gives its virtual IPs away, every VRRP daemon there is stopped and disabled, the inventory says `role: \
            retired`, the others are told, and what haprov put there is taken back, its journal included. HAProxy that ran \
            before haprov runs again; VRRP that ran before does not. Where it is cut off, the same command goes on.

              haprov remove haproxy3
              haprov remove haproxy3 --dead      it is gone: the others alone are told
            """)

    @Argument(help: ArgumentHelp("The balancer.", valueName: "host"))
    var host: String

    @Flag(help: "It is gone for good: it is not connected to.")
    var dead = false

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if options.limit != nil { throw ValidationError("remove tells every balancer: leave --limit out.") }
    }

    func run() async throws {
        try await Runner.run("remove", options.output) { [self] console, interrupt in
            let workspace = try Workspace(options, console: console)
            return try await RemoveWork(
                options: options, workspace: workspace, console: console, interrupt: interrupt, consent: consent,
                host: host, isDead: dead
            ).run()
        }
    }
}
