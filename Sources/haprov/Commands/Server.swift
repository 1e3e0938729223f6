import ArgumentParser
import Provisioning

extension ServerState: ExpressibleByArgument {}

struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Take a server out of HAProxy's backends on all balancers at once, or back in.",
        discussion: """
            drain: it gets no new clients; those that it has go on. maint: it gets no connection any more and is not \
            checked. ready: it takes part again. All balancers or none: where one does not do it, the others go back. It \
            lasts over reloads and restarts of HAProxy, until ready.

              haprov server app1 drain --wait        out of every backend that has it, and nobody is on it any more
              haprov server web/app1 ready           in one backend
            """)

    @Argument(help: ArgumentHelp("The server, as HAProxy calls it; BACKEND/SERVER for one backend.", valueName: "name"))
    var name: String

    @Argument(help: "drain, ready or maint.")
    var state: ServerState

    @Flag(help: "Wait until no session is left on it.")
    var wait = false

    @OptionGroup var agreement: AgreementOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if wait, state == .ready { throw ValidationError("--wait is for drain and maint.") }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isName =
            parts.count < 3
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:".contains($0)) }
            }
        if !isName {
            throw ValidationError("A server is named as in haproxy.cfg, or BACKEND/SERVER; '\(name)' is neither.")
        }
    }

    func run() async throws {
        try await Runner.run("server", options.output) { [self] console, interrupt in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let session = try workspace.session(events: console.show, interrupt: interrupt)
            return try await session.withFleet { fleet in
                try await ServerWork(
                    session: session, fleet: fleet, console: console, interrupt: interrupt, agreement: agreement,
                    name: name, state: state, waits: wait
                ).run()
            }
        }
    }
}
