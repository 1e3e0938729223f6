import Errors
import Foundation
import PlanningSamples
import Processes
import Testing

@testable import Planning
@testable import Provisioning

/// The real HAProxy, asked as the shipped playbook asks it.
@Suite("A configuration that HAProxy refuses", .enabled(if: Command.find(["haproxy"]) != nil, "haproxy is missing"))
struct HAProxyWordsTests {
    private static let faulty = "global\n    nonsense\n"

    private func texts() throws -> [any TextResource] {
        let cluster = try Samples.cluster()
        let host = try Samples.host(in: cluster)
        let context = TemplateContext(cluster: cluster, host: host, passwords: [:], packages: [:])
        return try Samples.playbooks()
            .resources(for: host, context: context).all.compactMap { $0 as? any TextResource }
    }

    private func program() throws -> String { try #require(Command.find(["haproxy"])) }

    @Test("Its own words are the cause", arguments: ScratchHost.shells)
    func check(shell: String) async throws {
        let target = try #require(try texts().first { $0.target.path.hasSuffix("/haproxy.cfg") }?.target)
        let check = target.check.replacing("/usr/local/haproxy/sbin/haproxy", with: try program())
        let host = try ScratchHost(shell)
        let change = Changes.write(host.root + "/etc/haproxy.cfg", Self.faulty, check: check)
        let failure = try #require(try await host.perform([change]).failure)
        #expect(failure.cause?.contains("unknown keyword 'nonsense'") == true, "\(failure)")
    }

    @Test("Its unit has them in the journal, at its start and at a reload")
    func unit() async throws {
        let unit = try #require(try texts().first { $0.target.path.hasSuffix("/haproxy.service") })
        let scratch = try ScratchFolder()
        try scratch.write(Self.faulty, to: "haproxy.cfg")
        let commands = String(decoding: unit.content, as: UTF8.self).split(separator: "\n").compactMap { line in
            line.wholeMatch(of: /Exec(?:StartPre|Reload)=(\/usr\/local\/haproxy\/sbin\/haproxy .*)/)?.output.1
        }
        #expect(commands.count == 2)
        for command in commands {
            let words = command.replacing("/usr/local/haproxy/sbin/haproxy", with: try program())
                .replacing("$CONFIG", with: scratch.path + "/haproxy.cfg")
            do throws(Failure) {
                _ = try await Command(words.split(separator: " ").map(String.init)).output(step: "unit")
                Issue.record("\(words) ended well")
            } catch {
                #expect(error.cause?.contains("unknown keyword 'nonsense'") == true, "\(words): \(error)")
            }
        }
    }
}
