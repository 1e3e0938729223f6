import Foundation
import Processes
import SSHWire
import Testing
import Texts

@testable import SSHKeys

@Suite("Private keys and what they are written in")
struct KeyTests {
    /// What the frame of a key that ssh-keygen makes holds.
    private static func key(_ arguments: String...) async throws -> [UInt8] {
        let folder = NSTemporaryDirectory() + "haprov-keys-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await Command(["ssh-keygen", "-q", "-N", "", "-f", folder + "/key"] + arguments).succeed(
            step: "test", remedy: "")
        let text = try String(contentsOfFile: folder + "/key", encoding: .utf8)
        return try #require(Base64.decode(text.split(separator: "\n").dropFirst().dropLast().joined().utf8))
    }

    @Test("the digits of π that Blowfish begins with")
    func pi() {
        let words = PiDigits.words(1042)
        // Schneier's tables: the first subkeys, the first word of the first S-box, the last of the fourth.
        #expect(Array(words[..<4]) == [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344])
        #expect(words[18] == 0xd131_0ba6)
        #expect(words[1041] == 0x3ac3_72e6)
    }

    @Test(
        "signatures are whole, whatever leading zeros their numbers have", arguments: ["256", "521"])
    func ecdsaSignatures(size: String) async throws {
        let key = try OpenSSHKey(await Self.key("-t", "ecdsa", "-b", size)).signingKey(passphrase: nil)
        let algorithm = "ecdsa-sha2-nistp\(size)"
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

    @Test("truncated keys are refused, never a crash")
    func truncated() async throws {
        let bytes = try await Self.key("-t", "rsa", "-b", "2048")
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
}
