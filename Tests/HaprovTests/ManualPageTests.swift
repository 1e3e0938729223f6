import Foundation
import Testing

@testable import haprov

@Suite("haprov(1)") struct ManualPageTests {
    private let lines = ManualPage.text(of: Haprov.self).split(separator: "\n", omittingEmptySubsequences: false)

    @Test func itHasEveryCommand() {
        let commands = lines.filter { $0.hasPrefix(".SS ") }
        #expect(commands.contains(".SS haprov apply") && commands.contains(".SS haprov lab up"))
        let below = Haprov.configuration.subcommands.map { [$0] + $0.configuration.subcommands }.joined()
        #expect(commands.count == below.count)
    }

    /// What a line begins with may be a request to roff, and bytes beyond ASCII are not text to every roff.
    @Test func nothingInItIsTakenForARequest() {
        let requests = [".TH", ".SH", ".SS", ".nf", ".fi", ".BR"]
        for line in lines where line.hasPrefix(".") || line.hasPrefix("'") {
            #expect(requests.contains { line.hasPrefix($0) }, "\(line)")
        }
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 < 128 } })
        #expect(ManualPage.escaped(".a-b \\ …") == "\\&.a\\-b \\e \\[u2026]")
        #expect(ManualPage.escaped("'x") == "\\&'x")
    }
}
