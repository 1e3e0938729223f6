import Foundation
import Testing

@Suite("The end of the process", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct ExitTests {
    /// Built beside the tests.
    static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("ending-threads").path

    /// `HAPROV_EXITS` for a longer run.
    static let times = ProcessInfo.processInfo.environment["HAPROV_EXITS"].flatMap { Int($0) } ?? 10

    @Test("a process that exits while its connections' threads end does so in peace")
    func exits() throws {
        let server = try Server()
        let knownHosts = try server.knownHosts()
        for _ in 0..<Self.times {
            let result = try Command.run(
                Self.program,
                ["200", "127.0.0.1", "\(server.port)", Server.user, Keys.shared.path(.ed25519), knownHosts],
                environment: ["SWIFT_BACKTRACE": "enable=no"])
            #expect(result.status == 0, "\(result.error)")
            // Nothing cleans up what threads that end free by themselves.
            #expect(result.output == "")
        }
    }
}
