import Foundation
import Testing
import VRRP

@testable import VRRPDaemon

/// Routes and rules of masters, in a network namespace that only the test's thread is in.
@Suite struct RouteKeeperTests {
    private static func set(_ text: String) throws -> RouteSet {
        let whole = "vrrp_instance i {\ninterface eth0\nvirtual_router_id 1\n\(text)\n}\n"
        let result = ConfigurationReader.read(ConfigurationReader.Source(file: "t", text: whole))
        return try #require(result.configuration.electionSettings.routers.first).routes
    }

    /// Of a shell in this thread's namespace.
    private func output(of line: String) throws -> String {
        guard let pipe = popen(line, "r") else { throw TestFailure("no shell") }
        defer { pclose(pipe) }
        var octets: [UInt8] = []
        while case let octet = fgetc(pipe), octet != EOF { octets.append(UInt8(octet)) }
        return String(decoding: octets, as: UTF8.self)
    }

    /// What there is after each of the steps, of which each is a turn of the daemon's loop.
    private func shown(after steps: [(RouteKeeper) -> Void]) async throws -> [[String]] {
        try await withCheckedThrowingContinuation { continuation in
            nonisolated(unsafe) let steps = steps
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let unshare = unsafeBitCast(
                            dlsym(nil, "unshare"), to: (@convention(c) (Int32) -> Int32).self)
                        // CLONE_NEWNET of linux/sched.h.
                        guard unshare(0x4000_0000) == 0 else { throw TestFailure("no namespace") }
                        let loop = try EventLoop(), log = Log(level: .debug) { _, _ in }
                        let keeper = try RouteKeeper(host: HostWatch(loop: loop, log: log), log: log)
                        return try steps.map { step in
                            step(keeper)
                            keeper.flushRemovals()
                            keeper.flushAdditions()
                            return try output(of: "ip route show; ip rule show").split(separator: "\n")
                                .filter { $0.contains("10.88.") }.map { String($0.prefix { $0 != ":" && $0 != " " }) }
                        }
                    })
            }
        }
    }

    @Test func whatIsAskedForAndTakenBackWithinATurnIsNotThere() async throws {
        let set = try Self.set(
            "virtual_routes {\nblackhole 10.88.0.0/24\n}\nvirtual_rules {\nfrom 10.88.0.0/24 table 100 preference 77\n}"
        )
        #expect(set.routes.count == 1 && set.rules.count == 1)
        let both = ["blackhole", "77"]
        let found = try await shown(after: [
            { $0.add(set) },
            // Out of it and back.
            {
                $0.remove(set)
                $0.add(set)
            },
            // Another one has them too, for a moment.
            {
                $0.add(set)
                $0.remove(set)
            },
            { $0.remove(set) },
            // Master and out of it again.
            {
                $0.add(set)
                $0.remove(set)
            },
        ])
        #expect(found == [both, both, both, [], []])
    }
}
