import Foundation
import Processes
import Testing

/// While passwords are in use, whoever could look at every process is asked where they are.
@Suite(
    "Nobody is shown a password",
    .enabled(if: LoopbackHosts.canBeMade, Comment(rawValue: LoopbackHosts.cannot)),
    .enabled(if: FileManager.default.fileExists(atPath: "/lib/x86_64-linux-gnu/security/pam_exec.so")))
struct PasswordSecrecyTests {
    private static let login = "log in's % word"
    private static let root = "root's own % word"
    private let hosts: LoopbackHosts

    init() async throws {
        hosts = try LoopbackHosts()
        try await hosts.makeKeys()
        func hash(_ name: String, _ password: String) async throws -> String {
            let file = try hosts.write(password + "\n", name, mode: 0o600)
            return try await Command(["openssl", "passwd", "-6", "-salt", "haprov", "-in", file])
                .succeed(step: "hash", remedy: "").trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let passwd = try String(contentsOfFile: "/etc/passwd", encoding: .utf8)
        try hosts.replace("/etc/passwd", by: passwd + "worker:x:4242:4242::/:/bin/sh\n")
        let ages = ":19000:0:99999:7:::\n"
        try hosts.replace(
            "/etc/shadow",
            by: "root:\(try await hash("root-word", Self.root))\(ages)"
                + "worker:\(try await hash("login-word", Self.login))\(ages)", mode: 0o600)
        // One that can be found: sshd has it on its command line.
        try hosts.write("\(hosts.folder)/one.sshd\n", "control")
        try hosts.write("\(Self.login)\n\(Self.root)\n", "words", mode: 0o600)
        try hosts.write(
            """
            #!/bin/bash -p
            # As root, though su is a user's still: where the passwords are, and whether a word on a command line is found.
            cd /proc || exit 0
            grep -alsF -f "\(hosts.folder)/words" [0-9]*/cmdline [0-9]*/environ | while read -r file; do
                echo "$1: ${file#*/} of $(cat "${file%/*}/comm")" >>"\(hosts.folder)/found"
            done
            if grep -qasF -f "\(hosts.folder)/control" [0-9]*/cmdline; then
                echo "$1: looked" >>"\(hosts.folder)/found"
            fi
            exit 0

            """, "look", mode: 0o755)
        func pam(_ service: String, _ auth: String) -> String {
            """
            auth required \(auth)
            account required pam_unix.so
            account required pam_exec.so quiet seteuid \(hosts.folder)/look \(service)
            session required pam_exec.so quiet seteuid \(hosts.folder)/look \(service)-session

            """
        }
        try hosts.replace("/etc/pam.d/sshd", by: pam("sshd", "pam_unix.so"))
        try hosts.replace("/etc/pam.d/su", by: pam("su", "pam_unix.so"))
        let options = ["UsePAM yes", "PasswordAuthentication yes"]
        try hosts.add("one", "192.0.2.1", options: options)
        try hosts.add("two", "192.0.2.2", options: options)
        try hosts.write(
            "#!/bin/sh\n\"\(hosts.folder)/look\" vault\ncat \"\(hosts.folder)/root-word\"\n", "vault", mode: 0o755)
    }

    @Test("not on command lines, not in environments but the one that the user made, not in what is written")
    func nowhere() async throws {
        _ = try hosts.inventory(
            ssh: "user: worker, known_hosts: known_hosts, password: { env: LOGIN_WORD }, "
                + "become: { by: su, password: { command: [./vault] } }")
        let told = try await hosts.haprov(
            "history", "-v", environment: ["LOGIN_WORD": Self.login.replacing("'", with: "'\\''")])
        #expect(told.status == 0, "\(told)")
        let found = try Set(hosts.read("found").split(separator: "\n").map(String.init))
        let places = ["sshd", "sshd-session", "vault", "su", "su-session"]
        #expect(Set(places.map { "\($0): looked" }).isSubset(of: found), "\(found)")
        #expect(
            found.filter { !$0.hasSuffix(": looked") } == Set(places.map { "\($0): environ of haprov" }), "\(found)")
        for word in [Self.login, Self.root] {
            #expect(!told.description.contains(word))
            #expect(!(hosts.log(of: "one") + hosts.log(of: "two")).contains(word))
        }
        // Nor in anything that haprov has left in the user's home, or on the hosts.
        let left = try await Command([
            "grep", "-rlF", "-f", "\(hosts.folder)/words", "\(hosts.folder)/home", "/var/lib/haprov",
        ]).run()
        #expect(left.output == "", "\(left.output)")
    }
}
