import Foundation
import Processes
import Testing

@Suite(
    "Questions on a terminal", .enabled(if: LoopbackHosts.canBeMade, Comment(rawValue: LoopbackHosts.cannot)))
struct PromptTests {
    private let hosts: LoopbackHosts

    init() async throws {
        hosts = try LoopbackHosts()
        try await hosts.makeKeys()
        try await Command(["ssh-keygen", "-q", "-p", "-P", "", "-N", "pass word", "-f", "\(hosts.folder)/key"])
            .succeed(step: "lock", remedy: "")
        try hosts.add("one", "192.0.2.1")
        try hosts.add("two", "192.0.2.2")
        _ = try hosts.inventory(
            ssh: "identity: \(hosts.folder)/key, known_hosts: \(hosts.folder)/known_hosts, user: root")
    }

    private func logins() -> Int {
        ["one", "two"].map { hosts.log(of: $0).components(separatedBy: "Accepted publickey").count - 1 }.reduce(0, +)
    }

    @Test("the answer is taken, and not shown") func answered() async throws {
        let shown = try await hosts.onTerminal("history", at: "Passphrase of", typing: #"pass word\n"#)
        #expect(shown.contains("ended 0") && !shown.contains("pass word"), "\(shown)")
        #expect(logins() == 2)
    }

    @Test("Ctrl-C at a question ends it at once, and the terminal shows again what is typed")
    func interrupted() async throws {
        let shown = try await hosts.onTerminal("history", at: "Passphrase of", typing: #"half\003"#)
        #expect(shown.contains("ended 130") && !shown.contains("half") && !shown.contains("in vain"), "\(shown)")
        #expect(shown.contains(" echo ") && shown.contains(" icanon "), "\(shown)")
        #expect(shown.components(separatedBy: "Passphrase of").count == 2, "asked once: \(shown)")
        #expect(logins() == 0)
    }
}
