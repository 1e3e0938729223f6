import Digests
import Errors
import Foundation
import HostShell
import Inventory
import PlanningSamples
import SSH
import Synchronization
import Testing

@testable import Planning
@testable import Provisioning

/// A host made of a folder and a shell: real host scripts, real files, nothing of the machine touched.
final class ScratchHost: Sendable {
    static let shells = ["dash", "bash"]
    private let folder: ScratchFolder?
    let connection: LocalShellConnection
    /// How many were performed here.
    private let batches = Atomic(0)
    /// Stands for the host's `/`.
    let root: String
    var home: String { connection.home }

    /// - Parameter place: the folder that holds this host's; one of its own where nil.
    convenience init(_ shell: String, in place: ScratchFolder? = nil, name: String = "host") throws {
        let folder = try place ?? ScratchFolder()
        try self.init(shell, at: "\(folder.path)/\(name)", folder: folder)
    }

    /// - Parameters:
    ///   - path: where it is.
    ///   - folder: what has to live as long as it does.
    init(_ shell: String, at path: String, folder: ScratchFolder? = nil) throws {
        self.folder = folder
        root = path + "/root"
        connection = LocalShellConnection(shell: shell, home: path + "/home")
        try FileManager.default.createDirectory(atPath: root + "/etc", withIntermediateDirectories: true)
    }

    /// What a batch came to.
    struct Outcome {
        var events: [String]
        var failure: Failure?
        var result: RemoteResult
        var output: String { String(decoding: result.standardOutput, as: UTF8.self) }
    }

    static func identity(_ run: String) -> RunIdentity {
        RunIdentity(id: run, command: "apply", operatorName: "me@here", started: "2026-01-31T09:45:00Z")
    }

    /// Makes steps as a run does, under its lock where the test has taken none.
    ///
    /// - Parameters:
    ///   - overrides: functions that take the place of programs, this time.
    ///   - artifacts: the files of compiled trees.
    func perform(
        _ steps: [Step], run: String = "R1", first: Int = 1, overrides: String = "", bytesMissing: Int = 0,
        artifacts: [BuildID: String] = [:]
    ) async throws -> Outcome {
        try await perform(
            steps, as: Self.identity(run), first: first, overrides: overrides, bytesMissing: bytesMissing,
            artifacts: artifacts)
    }

    func perform(
        _ steps: [Step], as identity: RunIdentity, first: Int = 1, overrides: String = "", bytesMissing: Int = 0,
        artifacts: [BuildID: String] = [:]
    ) async throws -> Outcome {
        let batch = try Batch(
            steps: steps, sequence: batches.wrappingAdd(1, ordering: .relaxed).newValue, first: first, run: identity,
            cluster: "web",
            artifact: { id throws(Failure) in
                let path = artifacts[id] ?? ""
                return (path, LocalFile.size(path))
            })
        let seen = Mutex<[String]>([])
        let reader = BatchReader(
            host: "h", summaries: batch.summaries, mask: SecretMask([], hiding: steps),
            events: { event in
                let text =
                    switch event {
                    case .started(_, let summary): "started \(summary)"
                    case .finished(_, let summary): "finished \(summary)"
                    case .failed(_, let summary): "failed \(summary)"
                    case .note(_, let text): "note \(text)"
                    default: "other"
                    }
                seen.withLock { $0.append(text) }
            })
        let stream = JobStream(batch.job.name) { reader.take($0) }
        var connection = connection
        connection.overrides += "\n" + overrides
        connection.bytesMissing = bytesMissing
        let lock = home + "/lock"
        let isLocked = exists(lock)
        if !isLocked { try makeLock(of: identity.id) }
        defer { if !isLocked { try? FileManager.default.removeItem(atPath: lock) } }
        let result = try await connection.run(
            batch.job.script, deadline: Deadline(idle: 60, total: 60), output: { stream.take($0) })
        var failure: Failure?
        do throws(Failure) { try reader.finish(result, command: "apply") } catch { failure = error }
        return Outcome(events: seen.withLock { $0 }, failure: failure, result: result)
    }

    /// The lock as a run has it.
    func makeLock(of run: String) throws {
        try FileManager.default.createDirectory(
            atPath: home + "/lock", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try Data("\(run)\n".utf8).write(to: URL(fileURLWithPath: home + "/lock/run"))
    }

    func perform(_ changes: [any Change], run: String = "R1", overrides: String = "") async throws -> Outcome {
        try await perform(changes.map { Step.change($0) }, run: run, overrides: overrides)
    }

    /// Takes changes of a run back, the last one first.
    func undo(_ numbers: [Int], run: String = "R1", overrides: String = "") async throws -> Outcome {
        try await perform(
            numbers.sorted(by: >).map { number in
                .undo(
                    Undo(
                        run: run, number: Batch.name(number), resource: "r", summary: "undo \(number)", owner: .journal)
                )
            }, run: "undo", overrides: overrides)
    }

    /// Calls the library; `$hp_home` and everything else is set.
    func shell(_ text: String, input: [UInt8] = [], overrides: String = "") async throws -> RemoteResult {
        var connection = connection
        connection.overrides += "\n" + overrides
        return try await connection.run(
            RemoteScript(
                ShellLibrary.host.script(text, calling: ShellLibrary.host.names), payload: [.bytes(input)]),
            deadline: Deadline(idle: 60, total: 60), output: { _ in })
    }

    func facts(_ queries: [ProbeQuery]) async throws -> Facts {
        let result = try await connection.run(
            Probe.script(queries), deadline: Deadline(idle: 60, total: 60), output: { _ in })
        #expect(String(decoding: result.standardOutput.suffix(5), as: UTF8.self) == "@end\n")
        return FactsReader.read(result.standardOutput)
    }

    /// A file below `runs/RUN/NNNN` without its last newline.
    func journal(_ name: String, of number: Int, run: String = "R1") -> String? {
        text("\(home)/runs/\(run)/\(Batch.name(number))/\(name)").map {
            $0.hasSuffix("\n") ? String($0.dropLast()) : $0
        }
    }

    /// The word of a change's journal that counts; nil where it was not begun.
    func state(of number: Int, run: String = "R1") -> String? {
        let lines = journal("state", of: number, run: run)?.split(separator: "\n")
        return lines?.last?.split(separator: " ").first.map(String.init)
    }

    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    func exists(_ path: String) -> Bool { (try? FileManager.default.attributesOfItem(atPath: path)) != nil }

    @discardableResult
    func write(_ text: String, _ path: String, mode: Int = 0o644) throws -> String {
        let full = "\(root)/\(path)"
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: full))
        if mode & 0o111 != 0 {
            // A child that another test starts at this moment has our descriptor until it runs its program, and what
            // somebody may write to cannot be run ("Text file busy"): another process makes the file that is run.
            try FileManager.default.moveItem(atPath: full, toPath: full + ".text")
            try Process.run(URL(fileURLWithPath: "/bin/cp"), arguments: [full + ".text", full]).waitUntilExit()
            try FileManager.default.removeItem(atPath: full + ".text")
        }
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: full)
        return full
    }

    /// Everything below the root: type, mode, owner, and content or target.
    func snapshot() throws -> [String: String] {
        var found: [String: String] = [:]
        let manager = FileManager.default
        for name in try manager.subpathsOfDirectory(atPath: root) {
            let path = "\(root)/\(name)"
            let attributes = try manager.attributesOfItem(atPath: path)
            let type = (attributes[.type] as? FileAttributeType) ?? .typeUnknown
            let mode = String((attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0, radix: 8)
            let owner = (attributes[.ownerAccountID] as? NSNumber)?.stringValue ?? "?"
            let group = (attributes[.groupOwnerAccountID] as? NSNumber)?.stringValue ?? "?"
            let content =
                switch type {
                case .typeSymbolicLink: try manager.destinationOfSymbolicLink(atPath: path)
                case .typeRegular: SHA256.hex(Array(manager.contents(atPath: path) ?? Data()))
                default: ""
                }
            // A link's own mode means nothing.
            let rights = type == .typeSymbolicLink ? "" : "\(mode) \(owner):\(group)"
            found[name] = "\(type.rawValue) \(rights) \(content)"
        }
        return found
    }

    /// Whether any file below the journal holds a text.
    func journalHolds(_ text: String) throws -> Bool {
        try FileManager.default.subpathsOfDirectory(atPath: home).contains { name in
            FileManager.default.contents(atPath: "\(home)/\(name)").map {
                $0.range(of: Data(text.utf8)) != nil
            } ?? false
        }
    }
}

/// Changes as resources make them, with the names of whoever runs the tests as owner.
enum Changes {
    static let user = NSUserName()
    static let group: String = {
        let attributes = try? FileManager.default.attributesOfItem(atPath: NSTemporaryDirectory())
        return getuid() == 0 ? "root" : (attributes?[.groupOwnerAccountName] as? String ?? NSUserName())
    }()

    static func write(
        _ path: String, _ text: String, mode: String = "0644", owner: String = user, check: String = ""
    ) -> Call {
        Call(
            "file_write", [path, mode, owner, group, SHA256.hex(Array(text.utf8)), check], resource: "file \(path)",
            summary: "write \(path)", content: .bytes(Array(text.utf8)))
    }
    static func mode(_ path: String, _ mode: String) -> Call {
        Call("file_mode", [path, mode, user, group], resource: "file \(path)", summary: "mode of \(path)")
    }
    static func directory(_ path: String, mode: String = "0755") -> Call {
        Call("directory_make", [path, mode, user, group], resource: "directory \(path)", summary: "make \(path)")
    }
    static func link(_ path: String, _ target: String) -> Call {
        Call("link_make", [path, target], resource: "link \(path)", summary: "link \(path)")
    }
    static func archive(_ name: String, _ prefix: String, _ build: BuildID) -> Call {
        Call(
            "archive_install", [name, prefix, build.value], resource: "archive \(name)", summary: "install \(name)",
            content: .artifact(build), isBarrier: true)
    }
}
