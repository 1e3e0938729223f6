import Foundation
import Inventory
import SSH
import Testing

@testable import haprov

@Suite("What opens hosts") struct CredentialsTests {
    @Test("a vault's client is run once, however many hosts want the password at once", arguments: [0, 3])
    func askedOnce(status: Int) async throws {
        let log = NSTemporaryDirectory() + "haprov-asked-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: log) }
        let vault = Secret.command(["sh", "-c", "echo asked >>\"$0\"; echo word; exit \(status)", log])
        let credentials = Credentials(Console(json: false, verbose: false, noColour: true))
        let answers = await withTaskGroup(of: String?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let settings = SSHSettings(
                        user: "ops\(number % 2)", port: 22, identities: [], knownHosts: "/dev/null",
                        passphraseVariable: nil, password: vault)
                    return try? credentials.of(settings).password()?.get()
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: status == 0 ? "word" : nil, count: 8))
        #expect(try String(contentsOfFile: log, encoding: .utf8) == "asked\n")
    }
}
