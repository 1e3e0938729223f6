import Foundation

/// Key pairs made by ssh-keygen, once for all tests.
final class Keys: Sendable {
    // swift-format-ignore: NeverUseForceTry
    static let shared = try! Keys()

    static let passphrase = "correct horse ü"

    enum Kind: String, CaseIterable, Sendable {
        case ed25519
        case ecdsa256, ecdsa384, ecdsa521
        case rsa
        case rsaPEM, ecdsaPEM
        case ed25519Encrypted, ecdsaEncrypted, rsaEncrypted
        case rsaPEMEncrypted
        /// Encrypted by other ciphers than the default.
        case rsaCBC, ed25519GCM
        case rsaPKCS8Encrypted

        var isEncrypted: Bool { arguments.contains(Keys.passphrase) }

        var arguments: [String] {
            switch self {
            case .ed25519: ["-t", "ed25519", "-N", ""]
            case .ecdsa256: ["-t", "ecdsa", "-b", "256", "-N", ""]
            case .ecdsa384: ["-t", "ecdsa", "-b", "384", "-N", ""]
            case .ecdsa521: ["-t", "ecdsa", "-b", "521", "-N", ""]
            case .rsa: ["-t", "rsa", "-b", "2048", "-N", ""]
            case .rsaPEM: ["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""]
            case .ecdsaPEM: ["-t", "ecdsa", "-m", "PEM", "-N", ""]
            case .ed25519Encrypted: ["-t", "ed25519", "-N", Keys.passphrase]
            case .ecdsaEncrypted: ["-t", "ecdsa", "-a", "2", "-N", Keys.passphrase]
            case .rsaEncrypted: ["-t", "rsa", "-b", "2048", "-a", "2", "-N", Keys.passphrase]
            case .rsaPEMEncrypted: ["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", Keys.passphrase]
            case .rsaCBC: ["-t", "rsa", "-b", "2048", "-a", "2", "-Z", "aes128-cbc", "-N", Keys.passphrase]
            case .ed25519GCM: ["-t", "ed25519", "-a", "2", "-Z", "aes256-gcm@openssh.com", "-N", Keys.passphrase]
            case .rsaPKCS8Encrypted: ["-t", "rsa", "-b", "2048", "-m", "PKCS8", "-N", Keys.passphrase]
            }
        }
    }

    private let directory: TemporaryDirectory

    private init() throws {
        directory = try TemporaryDirectory()
        // Nothing lets go of a global.
        atexit { try? FileManager.default.removeItem(atPath: Keys.shared.directory.path) }
        for kind in Kind.allCases {
            let result = try Command.run(
                "/usr/bin/ssh-keygen",
                ["-q", "-C", "\(kind.rawValue) of the tests", "-f", directory.path(kind.rawValue)] + kind.arguments)
            guard result.status == 0 else { throw TestFailure("ssh-keygen \(kind): \(result.error)") }
        }
    }

    func path(_ kind: Kind) -> String { directory.path(kind.rawValue) }

    func publicLine(_ kind: Kind) throws -> String { try directory.read(kind.rawValue + ".pub") }

    /// A copy without its .pub beside it.
    func lonely(_ kind: Kind, in other: TemporaryDirectory) throws -> String {
        other.file(kind.rawValue, try directory.read(kind.rawValue))
    }
}

struct TestFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
