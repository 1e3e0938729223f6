import SSHWire
import Testing
import Texts

@testable import SSH

@Suite("known_hosts files")
struct KnownHostsTests {
    /// A key blob of a type, told apart by a number.
    private static func key(_ type: String, _ number: UInt8) -> HostKey {
        var writer = WireWriter()
        writer.string(type)
        writer.string([number])
        return HostKey(blob: writer.bytes)
    }

    private static let one = key("ssh-ed25519", 1)
    private static let two = key("ssh-ed25519", 2)
    private static let rsa = key("ssh-rsa", 3)

    private static func text(_ key: HostKey) -> String { "\(key.type) \(Base64.encodeUnpadded(key.blob))" }

    @Test(
        "patterns",
        arguments: [
            ("host", "host", true), ("host", "hosts", false), ("HOST", "host", true), ("a,host,b", "host", true),
            ("10.0.0.*", "10.0.0.7", true), ("10.0.0.?", "10.0.0.77", false), ("*", "anything", true),
            ("*.lan,!db.lan", "web.lan", true), ("*.lan,!db.lan", "db.lan", false), ("!db.lan,*.lan", "db.lan", false),
            ("!web.lan", "db.lan", false), ("[host]:2222", "[host]:2222", true), ("[host]:2222", "host", false),
            ("host", "[host]:2222", false), ("[*]:2222", "[host]:2222", true), ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXbY", false), ("*a*a*", "aa", true), ("*a*a*", "a", false), ("", "", false),
            // ssh-keygen -H of "[127.0.0.1]:2222" and of "host.example".
            ("|1|AAECAwQFBgcICQoLDA0ODxAREhM=|c2FtcGxl", "host", false), ("|1|bad", "host", false),
            ("|2|AAEC|AAEC", "host", false),
        ])
    func patterns(pattern: String, name: String, expected: Bool) {
        #expect(KnownHosts.matches(pattern, name) == expected)
    }

    @Test("lines: comments, blanks, markers, tabs, carriage returns; what cannot be read is passed over")
    func lines() {
        let text = """
            # comment

            host \(Self.text(Self.one)) a comment with words
            @cert-authority host \(Self.text(Self.two))
            \thost\t\(Self.text(Self.two))\r
            host ssh-rsa \(Base64.encodeUnpadded(Self.one.blob))
            host ssh-ed25519
            host ssh-ed25519 ***
            host 1024 35 1234567
            @revoked * \(Self.text(Self.rsa))
            @unknown host \(Self.text(Self.rsa))
            """
        let entries = KnownHosts(text).entries
        #expect(entries.map(\.line) == [3, 4, 5, 10])
        #expect(entries.map(\.key) == [Self.one, Self.two, Self.two, Self.rsa])
        #expect(entries.map(\.revoked) == [false, false, false, true])
        #expect(entries.map(\.isAuthority) == [false, true, false, false])
    }

    @Test("verdicts")
    func verdicts() throws {
        let file = KnownHosts(
            """
            host \(Self.text(Self.one))
            [host]:2222 \(Self.text(Self.two))
            other \(Self.text(Self.rsa))
            @revoked bad \(Self.text(Self.one))
            bad \(Self.text(Self.one))
            """)
        try #require(file.entries.count == 5)
        #expect(file.judge(Self.one, of: "host", port: 22) == .trusted)
        #expect(file.judge(Self.one, of: "HOST", port: 22) == .trusted)
        #expect(file.judge(Self.two, of: "host", port: 22) == .changed(known: [file.entries[0]]))
        #expect(file.judge(Self.rsa, of: "host", port: 22) == .unknown(otherTypes: [file.entries[0]]))
        // Another port: its own line rules; where there is none, a match without the port is good, a mismatch no change.
        #expect(file.judge(Self.two, of: "host", port: 2222) == .trusted)
        #expect(file.judge(Self.one, of: "host", port: 2222) == .changed(known: [file.entries[1]]))
        #expect(file.judge(Self.one, of: "host", port: 2200) == .trusted)
        #expect(file.judge(Self.two, of: "host", port: 2200) == .unknown(otherTypes: []))
        #expect(file.judge(Self.one, of: "bad", port: 22) == .revoked(file.entries[3]))
        #expect(file.judge(Self.one, of: "bad", port: 2222) == .revoked(file.entries[3]))
        #expect(file.judge(Self.one, of: "nobody", port: 22) == .unknown(otherTypes: []))
        #expect(file.keys(of: "host", port: 2222).map(\.line) == [2])
        #expect(file.keys(of: "host", port: 2200).map(\.line) == [1])
    }

    @Test("base 64", arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func base64(plain: String, encoded: String) {
        // RFC 4648 section 10, without the padding.
        #expect(Base64.encodeUnpadded(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded.utf8) == Array(plain.utf8))
        #expect(Base64.decode((encoded + "==").utf8) == Array(plain.utf8))
    }
}
