import Foundation
import Testing

@testable import SSH

let patient = Deadline(idle: 60, total: 120)

@Suite("Scripts over a real sshd", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct CommandTests {
    @Test("standard output, standard error and the exit status come back apart")
    func threeWays() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(
            RemoteScript("echo out; echo err >&2; exit 7"), deadline: patient)
        #expect(
            result
                == RemoteResult(
                    exitStatus: 7, standardOutput: Array("out\n".utf8), standardError: Array("err\n".utf8)))
        let payload = try await connection.run(
            RemoteScript("cat; pwd >&2", payload: [.bytes(Array("one".utf8)), .bytes([0, 255, 10, 10])]),
            deadline: patient)
        #expect(payload.standardOutput == Array("one".utf8) + [0, 255, 10, 10])
        await connection.close()
    }
}
