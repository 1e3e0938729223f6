import Foundation
import Inventory
import Processes
import Testing

@testable import haprov

@Suite struct SecretReadingTests {
    private static func folder() throws -> String {
        let folder = NSTemporaryDirectory() + "haprov-secrets-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func inventory(ssh: String, host: String = "") -> String {
        """
        cluster: web
        ssh: { user: root, \(ssh) }
        vip: { address: 172.16.122.100/24, interface: ens33, virtual_router_id: 51 }
        haproxy:
          version: 1.8.25
          frontends: { web: { bind: "*:80", backend: app } }
          backends: { app: { servers: application, port: 10900 } }
        keepalived: { version: 1.4.5 }
        hosts:
          haproxy1: { address: 172.16.122.101, role: balancer, priority: 101\(host) }
          haproxy2: { address: 172.16.122.102, role: balancer, priority: 100 }
          app1: { address: 172.16.122.104, role: application }
        """
    }

    @Test(arguments: [
        (["printf", "%s\\n", "a b'$HOME`id`;", "second"], "a b'$HOME`id`;"),
        (["printf", "no line end"], "no line end"), (["printf", "windows\\r\\nx"], "windows"),
        (["sh", "-c", "echo first; head -c 1000000 /dev/zero"], "first"),
    ])
    func commandsGiveTheirFirstLine(words: [String], line: String) throws {
        #expect(try Secret.command(words).read(from: "ssh.become.password") == line)
    }

    @Test(arguments: [
        (["sh", "-c", "echo S3CRET; exit 3"], "ended with status 3"), (["true"], "wrote an empty first line"),
        (["sh", "-c", "echo S3CRET; kill -9 $$"], "was ended by signal 9"),
        (["/no/such/program"], "cannot be started: No such file or directory"),
    ])
    func commandsThatFail(words: [String], problem: String) throws {
        let error = try #require(throws: SecretError.self) {
            try Secret.command(words).read(from: "ssh.become.password")
        }
        #expect(error.message == "`ssh.become.password` comes from the program \(words[0]), which \(problem)")
        #expect(error.remedy.contains("by hand") && error.remedyInSentence.hasPrefix("try it by hand"))
        #expect(!error.remedyInSentence.hasSuffix("."))
    }

    @Test func noSignalIsIgnoredInACommand() throws {
        // As haprov does with those that ask it to end.
        signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, SIG_DFL) }
        let error = try #require(throws: SecretError.self) {
            try Secret.command(["sh", "-c", "kill -USR2 $$; echo word"]).read(from: "ssh.password")
        }
        #expect(error.message.hasSuffix("was ended by signal \(SIGUSR2)"), "\(error.message)")
    }

    /// The program itself: a password that cannot be read is said, once, and where it stands.
    @Test(arguments: [
        ("password: { env: HAPROV_NO_SUCH }", "", 0o600, 2, "environment variable HAPROV_NO_SUCH, which is not set"),
        ("password: { file: secret }", "", 0o644, 2, "secret, which others can read"),
        ("password: { file: nothing }", "", 0o600, 2, "nothing, which cannot be read"),
        ("password: { file: empty }", "", 0o600, 2, "empty, which is empty"),
        ("passphrase_env: HAPROV_NO_SUCH", "", 0o600, 2, "environment variable HAPROV_NO_SUCH, which is not set"),
        ("port: 22", ", ssh: { password: { file: secret } }", 0o640, 10, "secret, which others can read"),
        ("password: { file: secret }", "", 0o600, 0, nil),
        ("become: { password: { env: HAPROV_NO_SUCH } }", "", 0o600, 2, "HAPROV_NO_SUCH, which is not set"),
        ("become: { by: su, password: { command: [no-such] } }", "", 0o600, 2, "no-such, which cannot be found"),
        ("port: 22", ", ssh: { become: { password: { command: [./secret] } } }", 0o600, 10, "which cannot be found"),
        // It is not run: it would say that it failed.
        ("password: { command: [\"false\"] }", "", 0o600, 0, nil),
    ])
    func checkSaysWhatCannotBeRead(ssh: String, host: String, mode: Int, line: Int, expected: String?) async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let manager = FileManager.default
        for (name, text, mode) in [("secret", "hidden\n", mode), ("empty", "\n", 0o600)] {
            #expect(
                manager.createFile(
                    atPath: "\(folder)/\(name)", contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        }
        try Data(Self.inventory(ssh: ssh, host: host).utf8).write(to: URL(fileURLWithPath: folder + "/i.yml"))
        let tests = try manager.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let haprov = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("haprov").path
        _ = try await Command([haprov, "check", "--json", folder + "/i.yml"], log: folder + "/log").run()
        let said = try String(contentsOfFile: folder + "/log", encoding: .utf8)
        let warnings = said.split(separator: "\n").filter { $0.contains(#""warning""#) && $0.contains("comes from") }
        #expect(warnings.count == (expected == nil ? 0 : 1), "\(said)")
        if let expected, let warning = warnings.first {
            #expect(warning.contains(expected) && warning.contains(#""line":\#(line)"#), "\(warning)")
        }
        #expect(!said.contains("hidden"))
    }
}
