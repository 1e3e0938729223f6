import ArgumentParser
import Provisioning

struct Unlock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give back the lock of a run that does not go on.",
        discussion: """
            Says who holds it, since when and at what, and asks. For a haprov of another machine that is known to be dead: \
            one that died on this machine keeps nobody off, and one that lives here is not robbed of its lock. What its \
            script still does on a host is awaited. Its run stays as it is: `haprov apply` completes it, `haprov rollback` \
            takes it back.
            """)

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("unlock", options.output) { [self] console, interrupt in
            let workspace = try Workspace(options, console: console, needs: .journal)
            var session = try workspace.session(events: console.show, interrupt: interrupt)
            session.patience = consent.patience
            return try await session.withFleet { [session] fleet in
                let unlocker = Unlocker(session, fleet: fleet)
                let found = try await unlocker.locks()
                guard !found.isEmpty else {
                    console.say("No host is locked.")
                    return Outcome()
                }
                for one in found { console.show(.note(host: one.host, text: one.lock.text)) }
                let locks = "\(Layout.count(found.count, "lock")) in cluster \(workspace.cluster.name)"
                try Consent.ask(
                    "\(locks) will be given back: two runs at once could leave a host in pieces.", yes: consent.yes,
                    console: console)
                let run = RunIdentity.new("unlock", reason: consent.reason)
                try await RunFailure.naming(run, interrupt) {
                    try await unlocker.unlock(found, run: run, clock: Clock.now)
                }
                console.say("\(locks) given back, run \(run.id).")
                return Outcome(run: run.id, fields: ["unlocked": .list(found.map { JSONValue.text($0.host) })])
            }
        }
    }
}
