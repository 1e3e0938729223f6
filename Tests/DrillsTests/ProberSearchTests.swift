import Errors
import Prober
import SSH
import Testing

@testable import Drills

/// Where a prober may run, by what a VIP answers from there.
@Suite struct ProberSearchTests {
    private func choose(_ configuration: ProbeConfiguration) async throws -> ProberSite.Choice {
        try await ProberSite.choose(
            configuration, cluster: TestCluster.guide(), binary: nil, connect: { _ throws(SSHError) in LocalShell() })
    }

    @Test func whatTLSFailsByIsSaidBeforeAnythingIsBroken() async throws {
        let authority = try Authority()
        let server = try TLSServer(try authority.sign("DNS:a.example"))
        var configuration = ProbeConfiguration(
            address: "127.0.0.1", port: server.port,
            tls: TLSQuestion(name: "b.example", authorities: authority.certificate))
        let failure = try #require(
            await #expect(throws: Failure.self) { _ = try await choose(configuration) })
        #expect(
            failure.summary.hasPrefix("Expected 127.0.0.1:\(server.port) to be one that TLS can be spoken to, found"))
        #expect(failure.summary.contains(" wrong certificate name"))
        #expect(failure.remedy.contains("openssl s_client -connect 127.0.0.1:\(server.port) -servername b.example"))
        configuration.tls?.name = "a.example"
        guard case .site(let site) = try await choose(configuration) else { throw failure }
        #expect(site.location == .controller)
    }

    @Test func aRefusalIsHeard() async throws {
        let server = TestServer(address: "::1")
        server.close()
        let failure = await #expect(throws: Failure.self) {
            _ = try await choose(ProbeConfiguration(address: "::1", port: server.port))
        }
        #expect(failure?.summary.contains(" refused") == true)
    }

    @Test func nothingThatComesBackIsSilence() async throws {
        let server = TestServer()
        server.behave(.hang)
        guard
            case .silence = try await choose(
                ProbeConfiguration(address: "127.0.0.1", port: server.port, timeout: 50_000))
        else {
            Issue.record("silence was expected")
            return
        }
    }
}
