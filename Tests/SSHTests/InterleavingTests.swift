import Foundation
import HostShell
import Testing

@testable import SSH

/// Packets for one stream that a call for another stream takes off the socket: nothing announces them again.
@Suite(
    "Packets that another call takes off the socket",
    .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct InterleavingTests {
    /// Where a test has come to; touched by the connection's thread and the test's.
    private final class Play: @unchecked Sendable {
        private let lock = NSLock()
        private var isReady = false
        private var hasWaited = false

        /// The script runs, and everything it wrote so far was read.
        func ready() { lock.withLock { isReady = true } }

        /// Lets the script go on, once, in a turn in which nothing else moves; returns when packets have come of it.
        func letOn(_ go: String, _ moved: Bool, _ socket: Int32) {
            guard lock.withLock({ isReady && !hasWaited && !moved }) else { return }
            lock.withLock { hasWaited = true }
            _ = FileManager.default.createFile(atPath: go, contents: nil)
            var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            _ = poll(&descriptor, 1, 60_000)
        }

        var hasLetOn: Bool { lock.withLock { hasWaited } }
    }

    private static func wait(for path: String) -> String {
        "until [ -e \(Shell.quote(path)) ]; do sleep 0.02; done"
    }

    @Test("standard output that comes between the reads of the two streams is not left lying")
    func output() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let go = server.directory.path("go")
        let seen = server.directory.path("seen")
        let play = Play()
        let script = "echo ready; \(Self.wait(for: go)); echo late; \(Self.wait(for: seen)); exit 7"
        let result = try await CommandRun.$betweenStreams.withValue({ play.letOn(go, $0, $1) }) {
            // Whoever has missed "late" waits for a script that waits to be heard.
            try await connection.run(RemoteScript(script), deadline: .patient) { chunk in
                if chunk == .standardOutput(Array("ready\n".utf8)) { play.ready() }
                if chunk == .standardOutput(Array("late\n".utf8)) {
                    _ = FileManager.default.createFile(atPath: seen, contents: nil)
                }
            }
        }
        #expect(play.hasLetOn)
        #expect(result.standardOutput == Array("ready\nlate\n".utf8))
        #expect(result.exitStatus == 7)
        await connection.close()
    }

    @Test("room for more input that is announced between the reads of the two streams is used")
    func window() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let go = server.directory.path("go")
        let sent = server.directory.path("sent")
        let play = Play()
        // What a pipe holds is read at once, so that sshd refills it once, and announces room for as much once.
        let script = """
            echo ready
            \(Self.wait(for: go))
            first=$(dd bs=65536 count=1 2>/dev/null | wc -c)
            \(Self.wait(for: sent))
            echo $((first + $(wc -c)))
            """
        let payload = [UInt8](repeating: 0x5a, count: 8 << 20)
        let result = try await CommandRun.$betweenStreams.withValue({ moved, socket in
            if play.hasLetOn, moved { _ = FileManager.default.createFile(atPath: sent, contents: nil) }
            play.letOn(go, moved, socket)
        }) {
            try await connection.run(
                RemoteScript(script, payload: [.bytes(payload)]), deadline: .patient
            ) { chunk in
                if chunk == .standardOutput(Array("ready\n".utf8)) { play.ready() }
            }
        }
        #expect(play.hasLetOn)
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == "ready\n\(payload.count)\n")
        await connection.close()
    }
}
