import Foundation
import Inventory
import Testing

@testable import Lab

/// A lab around a suite: up before its first test, down after its last; and then nothing of it may be left.
struct LabTrait: SuiteTrait, TestScoping {
    /// The lab itself, and a second one for the tests that need two.
    static let names = ["labtests", "labtests-two"]

    static var isAsked: Bool { ProcessInfo.processInfo.environment["HAPROV_LAB_TESTS"] == "1" && geteuid() == 0 }

    static func lab(_ index: Int = 0) throws -> Laboratory { Laboratory(try LabName(names[index])) }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard Self.isAsked else { return try await function() }
        for index in Self.names.indices { try await Self.lab(index).down() }
        let earlier = try Self.leftovers()
        #expect(earlier == [])
        try await Self.lab().up()
        let outcome = await Self.result(of: function)
        for index in Self.names.indices { try await Self.lab(index).down() }
        let left = try Self.leftovers()
        #expect(left == [])
        try outcome.get()
    }

    private static func result(of function: @Sendable () async throws -> Void) async -> Result<Void, any Error> {
        do { return .success(try await function()) } catch { return .failure(error) }
    }

    /// Whatever bears the name of these tests' labs: namespaces, mounts, processes, control groups, files.
    static func leftovers() throws -> [String] {
        let marks = names.flatMap { ["haprov.\($0).", "haprov.\($0)+", "haprov-\($0)-port", "haprov-lab.\($0)"] }
        func bearing(_ lines: some Sequence<String>) -> [String] {
            lines.filter { line in marks.contains { line.contains($0) } || line.contains("/haprov-lab/labtests") }
        }
        var found = bearing(Files.names(in: LabPaths.namespaces)).map { "namespace \($0)" }
        found += bearing(try Files.read("/proc/self/mounts").split(separator: "\n").map(String.init))
        found += bearing(Files.names(in: "/run/systemd/nspawn/propagate")).map { "propagate \($0)" }
        for process in Files.names(in: "/proc") where pid_t(process) != nil {
            let command = (try? Files.read("/proc/\(process)/cmdline"))?.replacing("\0", with: " ") ?? ""
            let group = (try? Files.read("/proc/\(process)/cgroup")) ?? ""
            found += bearing([command, group]).map { "process \(process): \($0)" }
        }
        for name in names {
            let paths = LabPaths(name: try LabName(name))
            if Files.exists(paths.folder) { found.append(paths.folder) }
            if Files.exists(paths.lock) { found.append(paths.lock) }
            if try ControlGroup(paths.group).exists { found.append("control group \(paths.group)") }
        }
        return found
    }
}

extension SuiteTrait where Self == LabTrait {
    static var lab: Self { LabTrait() }
}
