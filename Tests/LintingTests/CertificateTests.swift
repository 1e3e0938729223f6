import Foundation
import Processes
import Testing

@testable import Linting

@Suite struct CertificateTests {
    /// Made by openssl, which also says when it ends.
    private static func certificate(days: Int) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=site.example", "-days", "\(days)",
            "-keyout", "/dev/null",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = nil
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    @Test("The end of a certificate is read, of UTCTime and of GeneralizedTime", arguments: [10, 400, 20_000])
    func end(days: Int) throws {
        let now = Int(Date().timeIntervalSince1970)
        let text = try Self.certificate(days: days)
        let end = try #require(CertificateEnd.first(in: "# a key stands above\n" + text))
        #expect(abs(end.seconds - now - days * 86_400) < 120)
        #expect(end.line == 2)
    }

    @Test func aCertificateThatEndsSoonIsFound() throws {
        let now = Int(Date().timeIntervalSince1970)
        var balancer = LintSubject.Balancer(name: "lb1")
        balancer.certificates = try [10, 60].map { days in
            LintSubject.Certificate(file: "\(days).pem", text: try Self.certificate(days: days))
        }
        let findings = Lint.findings(in: LintSubject(balancers: [balancer], now: now))
        #expect(findings.map(\.code) == ["HV309"])
        #expect(findings.first?.place == Finding.Place(file: "10.pem", line: 1))
        let later = Lint.findings(in: LintSubject(balancers: [balancer], now: now + 11 * 86_400))
        #expect(later.first?.message == "this certificate has ended: clients refuse it")
    }

    @Test(arguments: [
        "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\n",
    ])
    func whatIsNoCertificateEndsNever(text: String) { #expect(CertificateEnd.first(in: text) == nil) }
}
