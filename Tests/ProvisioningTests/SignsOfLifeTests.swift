import Foundation
import HostShell
import SSH
import Synchronization
import Testing

@testable import Provisioning

@Suite("Signs of life while a run goes on")
struct SignsOfLifeTests {
    /// One script after the other, as on a real connection.
    private final class SerialConnection: HostConnection {
        private let connection: LocalShellConnection
        private let last = Mutex<Task<Void, Never>?>(nil)

        init(_ host: ScratchHost) { connection = host.connection }

        func close() async {}

        func run(
            _ script: RemoteScript, deadline: Deadline, output: @escaping @Sendable (OutputChunk) -> Void
        ) async throws(SSHError) -> RemoteResult {
            let connection = connection
            let task = last.withLock { last in
                let before = last
                let task = Task { () -> Result<RemoteResult, SSHError> in
                    await before?.value
                    do throws(SSHError) {
                        return .success(try await connection.run(script, deadline: deadline, output: output))
                    } catch {
                        return .failure(error)
                    }
                }
                last = Task { _ = await task.value }
                return task
            }
            return try await task.value.get()
        }
    }

    @Test("A host that is busy for long does not keep the others' locks from being touched")
    func busy() async throws {
        let scratch = try ScratchFolder()
        let (busy, other) = (
            try ScratchHost("dash", in: scratch, name: "busy"), try ScratchHost("bash", in: scratch, name: "other")
        )
        let fleet = Fleet(
            connections: ["busy": SerialConnection(busy), "other": SerialConnection(other)])
        var locks = HostLock(fleet: fleet, run: ScratchHost.identity("R1"))
        locks.interval = .milliseconds(20)
        try await locks.take(["busy", "other"])
        try await locks.keeping(["busy", "other"]) {
            let go = Shell.quote(busy.root + "/go")
            let script = RemoteScript(ShellLibrary.host.script("until [ -e \(go) ]; do sleep 0.05; done"))
            async let work = fleet.run(script, on: "busy", deadline: Deadline(idle: 600, total: 600))
            // The first touches may have been under way before the host was busy.
            for round in 1...4 {
                let lock = other.home + "/lock"
                let old = Date(timeIntervalSinceNow: -600)
                try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: lock)
                func age() throws -> Double {
                    let date = try FileManager.default.attributesOfItem(atPath: lock)[.modificationDate] as? Date
                    return -(date ?? old).timeIntervalSinceNow
                }
                for _ in 0..<600 where try age() > 300 { try await Task.sleep(for: .milliseconds(50)) }
                #expect(try age() < 300, "round \(round)")
            }
            try busy.write("", "go")
            #expect(try await work.exitStatus == 0)
        }
        await locks.release(["busy", "other"])
        #expect(!busy.exists(busy.home + "/lock") && !other.exists(other.home + "/lock"))
    }
}
