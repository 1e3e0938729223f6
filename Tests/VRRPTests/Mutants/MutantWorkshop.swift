import Foundation

/// Where the simulation is built with one election or another. What it made is gone with ``close()``.
struct MutantWorkshop: Sendable {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var seconds: Double
    }
    struct BuildFailure: Error { var output: String }

    private let sources: URL
    private let directory: URL

    /// Builds the simulation once: all elections are linked with the same one.
    init() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        sources = tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/VRRP")
        directory = FileManager.default.temporaryDirectory.appending(path: "haprov-mutants-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try buildElection(sources, name: "unchanged", optimization: "-O")
        let simulation =
            try Self.swiftFiles(below: tests.appending(path: "Simulation")) + [
                tests.appending(path: "Fixtures/mutants/Simulate.swift")
            ]
        // Nothing of the unchanged election may be copied into it.
        try swiftc(
            [
                "-O", "-parse-as-library", "-module-name", "Simulate", "-I", path("unchanged"), "-Xfrontend",
                "-disable-cmo",
                "-c",
            ]
                + simulation.map(\.path) + ["-o", path("simulation.o")])
        try link("unchanged")
    }

    func close() { try? FileManager.default.removeItem(at: directory) }

    /// Plants a bug and builds what results.
    func build(_ mutant: Mutant) throws {
        let copy = directory.appending(path: "\(mutant.name)-sources")
        try FileManager.default.copyItem(at: sources, to: copy)
        try mutant.plant(in: copy)
        // What is wrong shows within a few networks: building fast counts for more than running fast.
        try buildElection(copy, name: mutant.name, optimization: "-Onone")
        try link(mutant.name)
    }

    /// Lets as many networks live as are named, from seed 1 on.
    func simulate(_ name: String, networks: Int) throws -> Outcome {
        let start = ContinuousClock.now
        let (status, output) = try run(path("\(name)/simulate"), ["1", String(networks)])
        let time = start.duration(to: .now) / .seconds(1)
        return Outcome(status: status, output: output, seconds: time)
    }

    /// The election needs nothing of what reads configurations.
    private func buildElection(_ sources: URL, name: String, optimization: String) throws {
        try FileManager.default.createDirectory(
            at: directory.appending(path: name), withIntermediateDirectories: true)
        try swiftc(
            [optimization, "-parse-as-library", "-emit-module", "-emit-library", "-static", "-module-name", "VRRP"]
                + Self.swiftFiles(below: sources).map(\.path).filter { !$0.contains("/Configuration/") }
                + ["-o", path("\(name)/libVRRP.a"), "-emit-module-path", path("\(name)/VRRP.swiftmodule")])
    }

    private func link(_ name: String) throws {
        try swiftc([path("simulation.o"), path("\(name)/libVRRP.a"), "-o", path("\(name)/simulate")])
    }

    private func path(_ name: String) -> String { directory.appending(path: name).path }

    private func swiftc(_ arguments: [String]) throws {
        let swiftc = ["swiftc", "-swift-version", "6", "-wmo", "-package-name", "haprov"]
        let (status, output) = try run("/usr/bin/env", swiftc + arguments)
        if status != 0 { throw BuildFailure(output: output) }
    }

    private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private static func swiftFiles(below directory: URL) throws -> [URL] {
        try FileManager.default.subpathsOfDirectory(atPath: directory.path).filter { $0.hasSuffix(".swift") }.sorted()
            .map { directory.appending(path: $0) }
    }
}
