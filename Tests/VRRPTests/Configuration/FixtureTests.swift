import Foundation
import Testing
import VRRP

/// Configurations as operators write them, each with what is told of it beside it.
@Suite struct ConfigurationFixtureTests {
    static let names: [String] = {
        guard let folder = Bundle.module.url(forResource: "Fixtures/configurations", withExtension: nil),
            let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        else { return [] }
        return files.filter { $0.hasSuffix(".conf") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func file(_ name: String) throws -> URL {
        try #require(Bundle.module.url(forResource: "Fixtures/configurations/\(name)", withExtension: nil))
    }

    static func read(_ name: String) throws -> ConfigurationReader.Result {
        ReaderTests.read(String(decoding: try Data(contentsOf: file("\(name).conf")), as: UTF8.self))
    }

    @Test func thereAreSome() { #expect(Self.names.count >= 12 && Self.usable.count >= 8) }

    @Test(arguments: names) func whatIsToldIsWhatStandsBesideIt(_ name: String) throws {
        let told = try Self.read(name).diagnostics.map { $0.description.dropFirst("keepalived.conf:".count) + "\n" }
        let expected = String(decoding: try Data(contentsOf: Self.file("\(name).expected")), as: UTF8.self)
        #expect(told.joined() == expected)
    }

    /// Those without an error.
    static let usable = names.filter { name in
        let expected = try? String(contentsOf: file("\(name).expected"), encoding: .utf8)
        return expected?.contains(": error: ") == false
    }

    @Test(arguments: usable) func whatWasReadIsWrittenAndReadAgain(_ name: String) throws {
        let result = try Self.read(name)
        #expect(result.isUsable)
        let again = ReaderTests.read(result.configuration.text)
        #expect(again.configuration == result.configuration)
        #expect(again.configuration.electionSettings == result.configuration.electionSettings)
    }

    @Test func oddSpellingMeansWhatKeepalivedMakesOfIt() throws {
        let configuration = try Self.read("odd-spelling").configuration
        #expect(configuration.global.routerID == "lb one")
        #expect(configuration.scripts.first?.command == ["/bin/sh", "-c", "exit 0 # not a comment"])
        let instance = try #require(configuration.instances.first)
        #expect(instance.name == "VI 1")
        #expect(instance.virtualRouterID == 51)
        #expect(instance.authentication?.password == #"ab\c#d"#)
        #expect(instance.trackedScripts.map(\.name) == ["chk"])
    }
}
