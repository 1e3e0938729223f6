import Foundation

@testable import SSH

/// A real sshd on the loopback, with host keys, users' keys and a configuration of its own.
final class Server: @unchecked Sendable {
    static let program = "/usr/sbin/sshd"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }
    static let missing = "no /usr/sbin/sshd here: apt-get install openssh-server"

    let directory: TemporaryDirectory
    let port: Int
    let process: ChildProcess
    /// Who runs the tests, and therefore may log in.
    static let user = NSUserName()

    /// - Parameters:
    ///   - hostKeys: types for ssh-keygen -t.
    ///   - accepts: keys that may log in.
    ///   - options: lines of sshd_config; an option's first value counts.
    init(
        hostKeys: [String] = ["ed25519"], accepts: [Keys.Kind] = [.ed25519], options: [String] = [],
        wrapper: [String] = []
    ) throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        for type in hostKeys {
            let result = try Command.run(
                "/usr/bin/ssh-keygen", ["-q", "-t", type, "-N", "", "-f", directory.path("host_\(type)")])
            guard result.status == 0 else { throw TestFailure(result.error) }
        }
        // sshd reads it as the user that logs in.
        chmod(directory.path, 0o711)
        chmod(directory.file("authorized_keys", try accepts.map(Keys.shared.publicLine).joined()), 0o644)
        port = try Loopback.freePort()
        let lines =
            options
            + [
                "ListenAddress 127.0.0.1", "Port \(port)", "PidFile none", "UsePAM no", "StrictModes no",
                "PermitRootLogin yes", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
                "AuthorizedKeysFile \(directory.path("authorized_keys"))", "MaxStartups 100", "LogLevel VERBOSE",
            ] + hostKeys.map { "HostKey \(directory.path("host_\($0)"))" }
            // Login scripts of this machine's root are none of the tests' business: one that is killed half way may leave
            // a lock behind, for which every later login waits.
            + ["Match User root", "SetEnv HOME=\(directory.path("home"))"]
        let configuration = directory.file("sshd_config", lines.joined(separator: "\n") + "\n")
        let log = directory.file("log", "")

        let command = wrapper + [Self.program, "-D", "-e", "-f", configuration]
        process = try ChildProcess(command, error: log)
        for _ in 0..<1000 {
            if try directory.read("log").contains("Server listening on") { return }
            guard process.isRunning else { break }
            usleep(10_000)
        }
        throw TestFailure("sshd did not start: \(try directory.read("log"))")
    }

    deinit {
        stop()
        endSessions()
    }

    /// Ends what clients that broke off have left running: they carry this server's port in their environment, sshd(8).
    private func endSessions() {
        let mark = Array(" 127.0.0.1 \(port)".utf8)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let process = pid_t(name), let data = FileManager.default.contents(atPath: "/proc/\(name)/environ")
            else { continue }
            let isOurs = data.split(separator: 0).contains {
                $0.starts(with: Array("SSH_CONNECTION=".utf8)) && $0.suffix(mark.count).elementsEqual(mark)
            }
            if isOurs { kill(process, SIGKILL) }
        }
    }

    /// Ends the listening sshd; sessions go on.
    func stop() {
        process.signal(SIGTERM)
        process.wait()
    }

    var log: String { (try? directory.read("log")) ?? "" }

    /// The public host key as `type base64`.
    func hostKey(_ type: String = "ed25519") throws -> String {
        let line = try directory.read("host_\(type).pub")
        return line.split(separator: " ").prefix(2).joined(separator: " ")
    }

    /// A known_hosts file with these lines; where nil, with all of this server's keys.
    func knownHosts(_ lines: [String]? = nil) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        let all = try names.filter { $0.hasPrefix("host_") && $0.hasSuffix(".pub") }.sorted().map {
            "[127.0.0.1]:\(port) \(try hostKey(String($0.dropFirst(5).dropLast(4))))"
        }
        return directory.file(
            "known_hosts_\(UUID().uuidString)", (lines ?? all).map { $0 + "\n" }.joined())
    }

    func endpoint(knownHosts: String? = nil, user: String = Server.user) throws -> SSHEndpoint {
        SSHEndpoint(
            name: "test", address: "127.0.0.1", port: port, user: user,
            knownHosts: try knownHosts ?? self.knownHosts())
    }

    func connect(
        _ kind: Keys.Kind = .ed25519, knownHosts: String? = nil
    ) async throws -> SSHConnection {
        try await SSHConnection.open(
            endpoint(knownHosts: knownHosts),
            credentials: SSHCredentials(
                identities: [Keys.shared.path(kind)], useAgent: false, passphrase: { _ in Keys.passphrase }),
            deadlines: .patient)
    }
}
