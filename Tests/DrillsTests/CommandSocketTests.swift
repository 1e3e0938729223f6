import Glibc
import Testing

@testable import Prober

/// Against a real socket: this thread is the program that listens.
@Suite struct CommandSocketTests {
    /// Listens at a path of its own, and answers one line as it is told.
    private final class Listener: Sendable {
        let path: String
        private let descriptor: Int32

        init() throws {
            path = "/tmp/haprov-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(bound == 0 && listen(descriptor, 1) == 0)
        }

        deinit {
            close(descriptor)
            unlink(path)
        }

        /// Reads one line, answers and hangs up.
        ///
        /// - Returns: the line.
        func serve(_ answer: (String) -> [UInt8]) -> String {
            let client = accept(descriptor, nil, nil)
            defer { close(client) }
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while read(client, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
            let text = String(decoding: line, as: UTF8.self)
            var rest = answer(text)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(client, $0.baseAddress, $0.count) }
                guard count > 0 else { break }
                rest = rest.dropFirst(count)
            }
            return text
        }
    }

    @Test func oneLineGoesThereAndTheWholeAnswerComesBack() async throws {
        let listener = try Listener()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)
        async let asked = CommandSocket(listener.path).ask("show stat")
        let heard = listener.serve { _ in long }
        #expect(heard == "show stat")
        #expect(try await asked == long)
    }

    @Test func whereNobodyListensItSaysWhere() {
        let error = #expect(throws: CommandSocketError.self) { try CommandSocket("/nowhere/admin.sock").ask("help") }
        #expect(error?.message == "/nowhere/admin.sock: No such file or directory")
    }

    @Test func whoFallsSilentIsGivenUp() throws {
        let listener = try Listener()
        // Nobody accepts: the kernel takes the connection and the line, and no answer comes.
        let error = #expect(throws: CommandSocketError.self) {
            try CommandSocket(listener.path).ask("help", seconds: 1)
        }
        #expect(error?.message.hasPrefix("reading from \(listener.path): ") == true)
    }
}
