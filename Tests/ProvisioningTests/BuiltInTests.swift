import Digests
import Foundation
import Planning
import Processes
import Testing

@testable import Provisioning

@Suite("What a program carries inside") struct BuiltInTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// The beginning of an ELF program for x86-64 with two entries in its table of segments.
    private static func head(machine: UInt8 = 62, secondSegment: UInt8 = 1) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: 256)
        head.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
        head[18] = machine
        head[32] = 64
        head[54] = 56
        head[56] = 2
        head[64] = 1
        head[120] = secondSegment
        return head
    }

    @Test func staticProgramsAreKnown() throws {
        #expect(ELFHeader(Self.head())?.isStatic == true)
        #expect(ELFHeader(Self.head(secondSegment: 3))?.isStatic == false)
        #expect(ELFHeader(Self.head(machine: 183)) == nil)
    }

    @Test("It is found, also once symbols are stripped", arguments: ["", "strip program"])
    func isFound(then: String) async throws {
        try scratch.write("prepare: []\n", to: "Playbooks/balancer.yml")
        try scratch.write("", to: "Playbooks/empty.mustache")
        try scratch.write("haproxy: {}\n", to: "Assets/manifest.yml")
        let program = Self.head() + Array("what it does".utf8)
        try FileManager.default.createDirectory(atPath: scratch.path + "/programs", withIntermediateDirectories: true)
        try Data(program).write(to: URL(fileURLWithPath: scratch.path + "/programs/prober"))
        try await Command([
            "sh", "-ec",
            """
            cd "$0"; tar -cf inside.tar Playbooks Assets programs
            objcopy --add-section haprov=inside.tar /usr/bin/env program; ./program true; \(then)
            """, scratch.path,
        ]).output(step: "test")
        let path = scratch.path + "/program"
        let inside = try #require(BuiltIn(path: path))
        #expect(inside.names(in: "Playbooks") == ["balancer.yml", "empty.mustache"])
        #expect(inside.text("Playbooks/balancer.yml") == "prepare: []\n")
        #expect(inside.text("Playbooks/empty.mustache") == "")
        #expect(inside.text("Assets/manifest.yml") == "haproxy: {}\n")
        #expect(inside.text("Assets/none.yml") == nil)
        let found = try #require(inside.program("prober"))
        #expect(found.sha256 == SHA256.hex(program) && found.size == program.count && found.path == path)
        let whole = try #require(FileManager.default.contents(atPath: path))
        #expect(Array(whole[found.offset..<(found.offset + found.size)]) == program)
        #expect(inside.program("other") == nil)
    }

    @Test("Others carry nothing", arguments: ["/usr/bin/env", "/etc/passwd", "/dev/null", "/nonexistent"])
    func others(path: String) { #expect(BuiltIn(path: path) == nil) }
}
