import Foundation

/// A client that asks the VIP every millisecond, whatever became of its earlier requests, where the controller is.
final class OpenLoopClient {
    private let program: Program
    private let control: String

    init(_ lab: EndToEndLab) throws {
        let built = URL(fileURLWithPath: EndToEndLab.program).deletingLastPathComponent()
            .appendingPathComponent("../release/haprov-prober").path
        let prober = ProcessInfo.processInfo.environment["HAPROV_PROBER"] ?? built
        control = "\(lab.folder)/client-\(UUID().uuidString)"
        guard mkfifo(control, 0o600) == 0 else { throw Trouble("mkfifo \(control): errno \(errno)") }
        // Opened for both, so that neither side waits for the other.
        let command = "exec '\(prober)' --target \(EndToEndLab.vip):80 --max-seconds 900 0<>'\(control)'"
        program = try Program([EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "sh", "-c", command])
    }

    /// What is measured from here on.
    func mark(_ phase: String) throws { try say("mark \(phase)") }

    private func say(_ line: String) throws {
        guard let file = FileHandle(forWritingAtPath: control) else { throw Trouble("\(control) is gone") }
        try file.write(contentsOf: Data((line + "\n").utf8))
        try file.close()
    }

    /// Ends it; the longest time between two good answers in a phase, in milliseconds.
    func longestGap(in phase: String) throws -> Double {
        try say("stop")
        let outcome = try program.finish(within: 60)
        try? FileManager.default.removeItem(atPath: control)
        let words = outcome.lines.last { $0.hasPrefix("phase \(phase) ") }?.split(separator: " ") ?? []
        guard words.count > 3, let requests = Int(words[2]), requests > 1000, let gap = Double(words[3]) else {
            throw Trouble("the prober measured nothing: \(outcome)")
        }
        return gap / 1000
    }
}
