import ArgumentParser
import Provisioning

struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move the virtual IP to a balancer, or back home, and measure what clients notice.",
        discussion: """
            It stays there until `move --home`, or until that balancer's HAProxy dies or it boots: `apply` leaves it \
            there, and `status` shows it. Home is the balancer of the highest priority. No VRRP daemon starts anew for it.

              haprov move haproxy2
              haprov move --home
            """)

    @Argument(help: ArgumentHelp("The balancer that is to have it.", valueName: "host"))
    var host: String?

    @Flag(help: "Back to the balancer of the highest priority.")
    var home = false

    @Option(
        help: ArgumentHelp(
            "This virtual IP alone, by its name, an address of its or its virtual router's ID.", valueName: "name"))
    var vip: String?

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if !home, host == nil { throw ValidationError("Name a balancer, or give --home.") }
        if home, host != nil, options.inventory != nil {
            throw ValidationError("--home goes to the balancer of the highest priority: name none.")
        }
        if options.limit != nil { throw ValidationError("move needs every balancer: leave --limit out.") }
    }

    func run() async throws {
        try await Runner.run("move", options.output) { [self] console, interrupt in
            var options = options
            // The inventory stands where the balancer would.
            if home { options.inventory = host ?? options.inventory }
            let workspace = try Workspace(options, console: console, needs: .journal)
            var session = try workspace.session(events: console.show, interrupt: interrupt)
            session.patience = consent.patience
            return try await MoveWork(
                workspace: workspace, session: session, console: console, interrupt: interrupt, consent: consent,
                host: home ? nil : host, vip: vip
            ).run()
        }
    }
}
