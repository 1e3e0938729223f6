import Foundation
import HostShell
import Testing
import Texts

@testable import SSH

@Suite("Key formats that haprov reads by itself")
struct OwnKeyTests {
    @Test("public blobs made from private keys are what ssh-keygen writes", arguments: Keys.Kind.allCases)
    func blobs(kind: Keys.Kind) throws {
        let directory = try TemporaryDirectory()
        let identity = try IdentityFile(Keys.shared.lonely(kind, in: directory))
        let key = try identity.unlock { Keys.passphrase }
        let blob = try #require(Keys.shared.publicLine(kind).split(separator: " ").dropFirst().first)
        #expect(Base64.decode(blob.utf8) == key.publicBlob)
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
}
