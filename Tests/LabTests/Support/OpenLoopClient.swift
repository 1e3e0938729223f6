import Foundation

/// A client that asks the VIP over and over, whatever became of its earlier requests, where the controller is.
final class OpenLoopClient {
    private let program: Program
    private let control: String

    /// Microseconds. Every millisecond where there is time and quiet for it; else every ten, since a machine that is slow
    /// would answer ever later, until HAProxy has as many connections as it may have.
    private static var interval: Int { EndToEndTrait.areLongAsked ? 1000 : 10000 }

    /// Milliseconds by which a takeover may take longer than announced: a fault takes longer than what `make test` allows,
    /// however busy the machine is.
    static var room: Double { EndToEndTrait.areLongAsked ? 3000 : 30000 }

    /// - Parameters:
    ///   - timeout: milliseconds after which a request has failed.
    ///   - more: further options of the prober.
    init(
        _ lab: EndToEndLab, vip: String = EndToEndLab.vip, port: Int = 80, timeout: Int = 5000, more: String = ""
    ) throws {
        let built = URL(fileURLWithPath: EndToEndLab.program).deletingLastPathComponent()
            .appendingPathComponent("../release/haprov-prober").path
        let prober = ProcessInfo.processInfo.environment["HAPROV_PROBER"] ?? built
        control = "\(lab.folder)/client-\(UUID().uuidString)"
        guard mkfifo(control, 0o600) == 0 else { throw Trouble("mkfifo \(control): errno \(errno)") }
        // Opened for both, so that neither side waits for the other.
        let options =
            "--max-seconds 900 --timeout-ms \(timeout) --max-in-flight 6000 --interval-us \(Self.interval) \(more)"
        // Its words go to a file: a pipe that nobody reads for a while would hold it up.
        let command = "exec '\(prober)' --target \(vip):\(port) \(options) 0<>'\(control)' >'\(control).told'"
        program = try Program([EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "sh", "-c", command])
    }

    /// What is measured from here on.
    func mark(_ phase: String) throws { try say("mark \(phase)") }

    private func say(_ line: String) throws {
        guard let file = FileHandle(forWritingAtPath: control) else { throw Trouble("\(control) is gone") }
        try file.write(contentsOf: Data((line + "\n").utf8))
        try file.close()
    }

    /// What it saw between two marks.
    struct Phase {
        var name: String
        var requests: Int
        /// Milliseconds, between two good answers.
        var longestGap: Double
        var good: Int
        var failed: Int
        /// How many ended how, as the prober says it.
        var outcomes: String

        /// - Parameter words: of a line of the prober.
        init?(_ words: [Substring]) {
            guard words.count > 8, words[0] == "phase", let requests = Int(words[2]) else { return nil }
            name = String(words[1])
            self.requests = requests
            longestGap = (Double(words[3]) ?? 0) / 1000
            self.outcomes = String(words[8])
            let outcomes = words[8].split(separator: ",").map { $0.split(separator: "=") }
            good = outcomes.first { $0[0] == "good" }.flatMap { Int($0[1]) } ?? 0
            failed = outcomes.filter { $0[0] != "good" }.compactMap { Int($0[1]) }.reduce(0, +)
        }
    }

    /// Ends it; what it saw, in order.
    func phases() throws -> [Phase] {
        try say("stop")
        let outcome = try program.finish(within: 60)
        let lines = try String(contentsOfFile: control + ".told", encoding: .utf8).split(separator: "\n")
        for file in [control, control + ".told"] { try? FileManager.default.removeItem(atPath: file) }
        guard lines.last == "end" else { throw Trouble("the prober measured nothing: \(outcome)") }
        return lines.compactMap { Phase($0.split(separator: " ", omittingEmptySubsequences: false)) }
    }

    /// Ends it; the longest time between two good answers in a phase, in milliseconds.
    func longestGap(in phase: String) throws -> Double {
        guard let phase = try phases().last(where: { $0.name == phase }), phase.requests > 100 else {
            throw Trouble("the prober measured nothing in \(phase)")
        }
        return phase.longestGap
    }
}
