import Foundation
import Testing

@testable import Provisioning

@Suite("Checks of a host")
struct HealthTests {
    /// A listening socket on the loopback.
    private static func listen() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let done = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        try #require(done)
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    @Test("A port answers whatever the user's .bashrc does", arguments: ScratchHost.shells)
    func bashrc(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("exit 1\n", ".bashrc")
        let listener = try Self.listen()
        defer { close(listener.descriptor) }
        // bash believes that sshd runs it, and reads .bashrc even for one command.
        let login = "HOME=\(host.root) SSH_CLIENT='127.0.0.1 1 22'; export HOME SSH_CLIENT; unset SHLVL\n"
        let result = try await host.shell(login + "health_port 127.0.0.1 \(listener.port) 3 && hp_say end")
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == "@end\n")
    }
}
