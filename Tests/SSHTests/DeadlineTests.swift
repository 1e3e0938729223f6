import Foundation
import Testing

@testable import SSH

@Suite("Hosts that hang, refuse or talk something else")
struct DeadlineTests {
    private func open(
        port: Int, address: String = "127.0.0.1", deadlines: SSHDeadlines = .patient
    ) async throws -> SSHError {
        let directory = try TemporaryDirectory()
        return try await sshError {
            try await SSHConnection.open(
                SSHEndpoint(
                    name: "test", address: address, port: port, user: "root",
                    knownHosts: directory.path("known_hosts")),
                credentials: SSHCredentials(useAgent: false), deadlines: deadlines)
        }
    }

    /// A server that says something to the first that comes, and then holds its tongue.
    private func speaking(_ text: String, hangUp: Bool = false) throws -> (descriptor: Int32, port: Int) {
        let listener = try Loopback.listen()
        Thread.detachNewThread {
            let peer = accept(listener.descriptor, nil, nil)
            guard peer >= 0 else { return }
            _ = text.withCString { send(peer, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
            if hangUp { shutdown(peer, Int32(SHUT_WR)) }
            var buffer = [UInt8](repeating: 0, count: 4096)
            while recv(peer, &buffer, buffer.count, 0) > 0 {}
            close(peer)
        }
        return listener
    }

    @Test("a port that nobody listens on")
    func refused() async throws {
        let error = try await open(port: Loopback.freePort())
        #expect(error.code == .refused)
        #expect(error.stage == .tcp)
    }

    @Test("a name that nobody knows")
    func unknownName() async throws {
        let error = try await open(port: 22, address: "no-such-host.invalid")
        #expect(error.code == .unreachable)
        #expect(error.message.contains("no-such-host.invalid"))
    }

    @Test("a listener whose queue is full does not answer the TCP connection")
    func silentTCP() async throws {
        // The kernel drops what does not fit a queue of length 0, as a firewall would.
        let listener = try Loopback.listen(backlog: 0)
        defer { close(listener.descriptor) }
        let fillers = (0..<4).map { _ in Loopback.startConnecting(listener.port) }
        defer { fillers.forEach { close($0) } }
        let error = try await open(port: listener.port, deadlines: SSHDeadlines(tcp: 0.5))
        #expect(error.code == .timedOut)
        #expect(error.stage == .tcp)
        #expect(error.message.contains("0.5 s"))
    }

    @Test("a port that accepts and stays silent")
    func silentPort() async throws {
        let listener = try Loopback.listen()
        defer { close(listener.descriptor) }
        let error = try await open(port: listener.port, deadlines: SSHDeadlines(tcp: 60, banner: 0.5))
        #expect(error.code == .timedOut)
        #expect(error.stage == .banner)
    }

    @Test("a server that sends its banner and nothing more")
    func silentKeyExchange() async throws {
        let listener = try speaking("SSH-2.0-Silent\r\n")
        defer { close(listener.descriptor) }
        let error = try await open(port: listener.port, deadlines: SSHDeadlines(tcp: 60, banner: 60, keyExchange: 0.5))
        #expect(error.code == .timedOut)
        #expect(error.stage == .keyExchange)
    }

    @Test("a server that sends half a banner")
    func halfBanner() async throws {
        let listener = try speaking("SSH-2.0-Hal")
        defer { close(listener.descriptor) }
        let error = try await open(port: listener.port, deadlines: SSHDeadlines(tcp: 60, banner: 0.5))
        #expect(error.stage == .banner)
    }

    @Test(
        "servers of other protocols, whether they hang up or not",
        arguments: [("220 mail.example ESMTP\r\n", false), ("HTTP/1.1 400 Bad Request\r\n\r\nNo.\r\n", true)])
    func notSSH(text: String, hangUp: Bool) async throws {
        let listener = try speaking(text, hangUp: hangUp)
        defer { close(listener.descriptor) }
        let error = try await open(port: listener.port, deadlines: SSHDeadlines(tcp: 60, banner: 5))
        #expect(error.code == .notSSH)
        #expect(error.stage == .banner)
        #expect(error.message.contains(text.prefix { $0 != "\r\n" }))
    }

    @Test("a server of SSH 1")
    func oldSSH() async throws {
        let listener = try speaking("SSH-1.5-Old\r\n")
        defer { close(listener.descriptor) }
        let error = try await open(port: listener.port)
        #expect(error.code == .notSSH)
        #expect(error.message.contains("SSH-1.5-Old"))
    }

    @Test("a server that hangs up at once, or after its banner", arguments: ["", "SSH-2.0-Gone\r\n"])
    func hangsUp(text: String) async throws {
        let listener = try speaking(text, hangUp: true)
        defer { close(listener.descriptor) }
        let error = try await open(port: listener.port)
        #expect(error.code == .connectionLost)
        #expect(error.stage == (text.isEmpty ? .banner : .keyExchange))
    }

    @Test("cancelling an attempt ends it long before its deadline")
    func cancelled() async throws {
        let listener = try Loopback.listen()
        defer { close(listener.descriptor) }
        let directory = try TemporaryDirectory()
        let endpoint = SSHEndpoint(
            name: "test", address: "127.0.0.1", port: listener.port, user: "root",
            knownHosts: directory.path("known_hosts"))
        let task = Task {
            try await sshError {
                try await SSHConnection.open(
                    endpoint, credentials: SSHCredentials(useAgent: false), deadlines: SSHDeadlines(banner: 3600))
            }
        }
        // It has connected when the listener can accept; the thread is not held up until then, for it may be the task's.
        try await eventually("it connects") {
            var waiting = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&waiting, 1, 0) == 1
        }
        let peer = accept(listener.descriptor, nil, nil)
        defer { close(peer) }
        task.cancel()
        let error = try await task.value
        #expect(error.code == .cancelled)
    }
}
