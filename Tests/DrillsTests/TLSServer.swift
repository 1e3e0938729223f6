import Foundation

/// An HTTPS server on an address of this machine's: a process of its own that ends with it.
final class TLSServer: Sendable {
    let port: Int
    private let process: Process
    private let certificate: ServerCertificate

    /// - Parameter only: the one version of TLS that it speaks, such as `1.1`; the usual ones otherwise.
    init(_ certificate: ServerCertificate, address: String = "127.0.0.1", only version: String = "usual") throws {
        guard let script = Bundle.module.url(forResource: "Fixtures/tls-server", withExtension: "py") else {
            throw CocoaError(.fileNoSuchFile)
        }
        self.certificate = certificate
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script.path, address, certificate.path, version]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = Data()
        while text.last != UInt8(ascii: "\n") {
            let next = output.fileHandleForReading.availableData
            guard !next.isEmpty else { throw CocoaError(.executableLoad) }
            text += next
        }
        port = Int(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    /// Whoever starts it may have blocked the signals that ask.
    deinit { kill(process.processIdentifier, SIGKILL) }
}

/// A certificate with its key.
struct ServerCertificate: Sendable {
    let path: String
    /// Whose files it is among.
    fileprivate let authority: Authority
}

/// An authority of a test's own that signs certificates; its files go with it.
final class Authority: Sendable {
    /// Its own certificate.
    let certificate: [UInt8]
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "haprov-authority-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.openSSL(
            in: folder,
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2"
                + " -subj /CN=test-authority")
        certificate = Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/ca.pem")))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A certificate of its own.
    ///
    /// - Parameters:
    ///   - names: as openssl has them: `DNS:shop.example`, `IP:127.0.0.1`.
    ///   - days: from now until its end, which may lie behind.
    func sign(_ names: String, days: Int = 1) throws -> ServerCertificate {
        let name = UUID().uuidString
        try Self.openSSL(
            in: folder,
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(name).key -out \(name).csr"
                + " -subj /CN=test -addext subjectAltName=\(names)")
        try Self.openSSL(
            in: folder,
            "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copyall"
                + " -days \(days) -out \(name).crt")
        let path = "\(folder)/\(name).pem"
        let parts = try ["key", "crt"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).\($0)")) }
        try (parts[0] + parts[1]).write(to: URL(fileURLWithPath: path))
        return ServerCertificate(path: path, authority: self)
    }

    private static func openSSL(in folder: String, _ words: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + words.split(separator: " ").map { String($0) }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
}
