import Testing

@testable import Prober

/// Requests over TLS, to a real server on the loopback interface.
@Suite struct TLSProberTests {
    private func configuration(port: Int, _ question: TLSQuestion) -> ProbeConfiguration {
        ProbeConfiguration(
            address: "127.0.0.1", port: port, path: "/health", tls: question, interval: 10_000, timeout: 50_000_000,
            maximumSeconds: 300)
    }

    /// How requests end, of which there are some.
    private func outcomes(_ configuration: ProbeConfiguration) async throws -> [ProbeOutcome: Int] {
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.requests >= 10 })
        return prober.stop().outcomes
    }

    @Test func asksByNameAndGetsWholeAnswers() async throws {
        let server = try TLSServer(try Authority().sign("DNS:other.example"))
        var configuration = configuration(port: server.port, TLSQuestion(name: "a.example"))
        configuration.host = "a.example:8443"
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.good >= 20 })
        let summary = prober.stop()
        #expect(summary.failed == 0)
        // No session is resumed, and HTTP/1.1 alone is offered.
        #expect(summary.servers.keys.sorted() == ["False http/1.1 a.example a.example:8443 /health"])
    }

    @Test(arguments: [nil, "127.0.0.1"]) func anAddressIsNoNameToAskBy(name: String?) async throws {
        let server = try TLSServer(try Authority().sign("DNS:shop.example"))
        let prober = try OpenLoopProber(configuration(port: server.port, TLSQuestion(name: name)))
        #expect(await eventually { prober.progress.good >= 10 })
        #expect(prober.stop().servers.keys.sorted() == ["False http/1.1 None 127.0.0.1 /health"])
    }

    @Test(arguments: [
        ("DNS:shop.example", "shop.example"), ("DNS:*.shop.example", "www.shop.example"), ("IP:127.0.0.1", "127.0.0.1"),
    ])
    func takesTheCertificateOfItsAuthority(names: String, name: String) async throws {
        let authority = try Authority()
        let server = try TLSServer(try authority.sign(names))
        let question = TLSQuestion(name: name, authorities: authority.certificate)
        #expect(try await outcomes(configuration(port: server.port, question)).keys.sorted(by: <) == [.good])
    }

    @Test func saysWhyACertificateIsRefused() async throws {
        let (authority, other) = (try Authority(), try Authority())
        let good = try authority.sign("DNS:shop.example")
        let cases: [(certificate: ServerCertificate, authority: Authority, name: String, outcome: ProbeOutcome)] = [
            (good, authority, "www.example", .misnamed), (good, authority, "127.0.0.1", .misnamed),
            (try authority.sign("DNS:shop.example", days: -1), authority, "shop.example", .expired),
            (good, other, "shop.example", .untrusted),
        ]
        for one in cases {
            let server = try TLSServer(one.certificate)
            var question = TLSQuestion(name: one.name, authorities: one.authority.certificate)
            #expect(try await outcomes(configuration(port: server.port, question)).keys.sorted(by: <) == [one.outcome])
            // Where nobody judges, it is as good as any.
            question.authorities = nil
            #expect(try await outcomes(configuration(port: server.port, question)).keys.sorted(by: <) == [.good])
        }
    }

    @Test func aServerThatSpeaksAnotherTLSIsNoneToAsk() async throws {
        let certificate = try Authority().sign("DNS:shop.example")
        let old = try TLSServer(certificate, only: "1.1")
        let question = TLSQuestion(name: "shop.example")
        #expect(try await outcomes(configuration(port: old.port, question)).keys.sorted(by: <) == [.handshake])
        let plain = TestServer()
        #expect(try await outcomes(configuration(port: plain.port, question)).keys.sorted(by: <) == [.handshake])
    }

    @Test func aHandshakeThatNeverEndsTimesOut() async throws {
        let server = TestServer()
        server.behave(.hang)
        var configuration = configuration(port: server.port, TLSQuestion(name: "shop.example"))
        configuration.timeout = 50_000
        configuration.keepsRecords = true
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.failed >= 20 })
        #expect(prober.stop().outcomes.keys.sorted(by: <) == [.timedOut])
        #expect(prober.records.allSatisfy { $0.duration >= 50_000 })
    }

    @Test func aServerThatGoesInTheHandshakeCutsIt() async throws {
        let server = TestServer()
        server.behave(.hang)
        let prober = try OpenLoopProber(configuration(port: server.port, TLSQuestion(name: nil)))
        #expect(await eventually { server.accepted >= 10 })
        server.close()
        #expect(await eventually { prober.progress.failed >= 10 })
        #expect(Set(prober.stop().outcomes.keys).isSubset(of: [.reset, .refused]))
    }

    @Test func overIPv6() async throws {
        let authority = try Authority()
        let server = try TLSServer(try authority.sign("IP:::1"), address: "::1")
        var configuration = configuration(
            port: server.port, TLSQuestion(name: "::1", authorities: authority.certificate))
        configuration.address = "::1"
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.good >= 10 })
        #expect(prober.stop().servers.keys.sorted() == ["False http/1.1 None [::1] /health"])
    }

    @Test func authoritiesThatAreNoneAreRefused() {
        let question = TLSQuestion(name: "shop.example", authorities: Array("-----BEGIN NOTHING-----\n".utf8))
        #expect(throws: ProbeError("expected certificates of authorities as PEM, found none")) {
            try OpenLoopProber(configuration(port: 443, question))
        }
    }
}

extension ProbeOutcome {
    fileprivate static func < (left: ProbeOutcome, right: ProbeOutcome) -> Bool { left.rawValue < right.rawValue }
}
