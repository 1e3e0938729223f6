import Foundation
import HostShell
import Testing

@testable import SSH

@Suite("Key formats")
struct KeyFormatTests {
    @Test("the digits of π that Blowfish begins with")
    func pi() {
        let words = PiDigits.words(1042)
        // Schneier's tables: the first subkeys, the first word of the first S-box, the last of the fourth.
        #expect(Array(words[..<4]) == [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344])
        #expect(words[18] == 0xd131_0ba6)
        #expect(words[1041] == 0x3ac3_72e6)
    }

    @Test("public blobs made from private keys are what ssh-keygen writes", arguments: Keys.Kind.allCases)
    func blobs(kind: Keys.Kind) throws {
        let directory = try TemporaryDirectory()
        let identity = try IdentityFile(Keys.shared.lonely(kind, in: directory))
        let key = try identity.unlock { Keys.passphrase }
        let blob = try #require(Keys.shared.publicLine(kind).split(separator: " ").dropFirst().first)
        #expect(Base64.decode(blob.utf8) == key.publicBlob)
    }

    @Test(
        "signatures are whole, whatever leading zeros their numbers have", arguments: [Keys.Kind.ecdsa256, .ecdsa521])
    func ecdsaSignatures(kind: Keys.Kind) throws {
        let key = try IdentityFile(Keys.shared.path(kind)).unlock { nil }
        let algorithm = HostKey(blob: key.publicBlob).type
        for round in 0..<300 {
            let signature = try #require(key.sign([UInt8(truncatingIfNeeded: round)], algorithm: algorithm))
            var reader = WireReader(signature)
            for _ in 0..<2 {
                let field = reader.string()
                let number = try #require(field)
                let first = try #require(number.first)
                #expect(first & 0x80 == 0)
                let second = number.dropFirst().first ?? 0
                #expect(first != 0 || second & 0x80 != 0)
            }
            #expect(reader.remaining.isEmpty)
        }
    }

    @Test(
        "keys that OpenSSL makes in PKCS #8",
        arguments: [
            (["-algorithm", "ed25519"], "ssh-ed25519"),
            (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "ecdsa-sha2-nistp384"),
            (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "ssh-rsa"),
            (["-algorithm", "ed448"], nil), (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], nil),
        ])
    func pkcs8(arguments: [String], type: String?) throws {
        let made = try Command.run("/usr/bin/openssl", ["genpkey"] + arguments)
        let directory = try TemporaryDirectory()
        let path = directory.file("key", made.output)
        guard let type else {
            let error = #expect(throws: SSHError.self) { try IdentityFile(path).unlock { nil } }
            #expect(error?.code == .badIdentity)
            return
        }
        let key = try IdentityFile(path).unlock { nil }
        let line = try Command.run("/usr/bin/ssh-keygen", ["-y", "-f", path])
        // ssh-keygen of OpenSSH before 9.6 cannot read an Ed25519 key in this format.
        if line.status == 0 {
            let blob = try #require(line.output.split(separator: " ").dropFirst().first)
            #expect(Base64.decode(blob.utf8) == key.publicBlob)
        }
        #expect(HostKey(blob: key.publicBlob).type == type)
        #expect(key.sign([1, 2, 3], algorithm: Session.keyAlgorithms[type] ?? "") != nil)
    }

    @Test("truncated keys are refused, never a crash")
    func truncated() throws {
        let text = try String(contentsOfFile: Keys.shared.path(.rsa), encoding: .utf8)
        let body = text.split(separator: "\n").dropFirst().dropLast().joined()
        let bytes = try #require(Base64.decode(body.utf8))
        for count in stride(from: 0, to: bytes.count, by: 7) {
            do throws(OpenSSHKey.Failure) {
                _ = try OpenSSHKey(Array(bytes.prefix(count))).signingKey(passphrase: nil)
                Issue.record("\(count) bytes were accepted")
            } catch {
                guard case .malformed = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    @Test("numbers that go beyond the end")
    func reader() {
        var reader = WireReader([0xff, 0xff, 0xff, 0xff, 1])
        #expect(reader.string() == nil)
        var short = WireReader([0, 0, 1])
        #expect(short.uint32() == nil)
    }

    @Test("mpints of RFC 4251 section 5")
    func mpints() {
        var writer = WireWriter()
        writer.mpint([0])
        writer.mpint([0x09, 0xa3, 0x78, 0xf9, 0xb2, 0xe3, 0x32, 0xa7])
        writer.mpint([0x80])
        #expect(
            writer.bytes == [0, 0, 0, 0] + [0, 0, 0, 8, 0x09, 0xa3, 0x78, 0xf9, 0xb2, 0xe3, 0x32, 0xa7]
                + [0, 0, 0, 2, 0, 0x80])
    }
}
