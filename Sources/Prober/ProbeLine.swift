import ProbeHistory

/// A line of the prober's output: how a shipped prober talks to whoever started it.
///
///     ready
///     progress 1200 11 10 1 1190 -
///     phase start 11 4210 900 990 990 0 good=10,refused=1 61707031=10
///     history 10*35 9/1 0/10*4
///     end
///     error expected an IPv4 address …
///
/// Times are microseconds, `-` stands for nothing, servers' names are hexadecimal.
package enum ProbeLine: Sendable, Equatable {
    case ready
    case progress(ProbeProgress)
    case phase(ProbePhase)
    case history(RequestHistory)
    case end
    case error(String)

    /// Reads a line; nil where it is not one of the prober's.
    package init?(_ text: some StringProtocol) {
        let words = String(text).split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
        switch words[0] {
        case "ready" where words.count == 1: self = .ready
        case "end" where words.count == 1: self = .end
        case "history":
            guard let history = RequestHistory(text: words.dropFirst().joined(separator: " ")) else { return nil }
            self = .history(history)
        case "error" where words.count > 1: self = .error(words.dropFirst().joined(separator: " "))
        case "progress" where words.count == 7:
            guard let elapsed = Int(words[1]), let requests = Int(words[2]), let good = Int(words[3]),
                let inFlight = Int(words[4]), let lastGood = Self.optional(words[5]),
                let lastFailure = Self.optional(words[6])
            else { return nil }
            self = .progress(
                ProbeProgress(
                    elapsed: elapsed, requests: requests, good: good, inFlight: inFlight, lastGood: lastGood,
                    lastFailure: lastFailure))
        case "phase" where words.count == 10:
            guard let phase = Self.phase(words) else { return nil }
            self = .phase(phase)
        default: return nil
        }
    }

    /// The line, without its end.
    package var text: String {
        switch self {
        case .ready: return "ready"
        case .end: return "end"
        case .history(let history): return "history \(history.text)"
        case .error(let message): return "error \(message)"
        case .progress(let progress):
            return
                "progress \(progress.elapsed) \(progress.requests) \(progress.good) \(progress.inFlight)"
                + " \(Self.word(progress.lastGood)) \(Self.word(progress.lastFailure))"
        case .phase(let phase):
            let outcomes = ProbeOutcome.allCases.compactMap { outcome in
                phase.outcomes[outcome].map { "\(outcome.name)=\($0)" }
            }
            let servers = phase.servers.sorted { $0.key < $1.key }.map { "\(Self.hexadecimal($0.key))=\($0.value)" }
            let times = [phase.longestGap, phase.longestGapStart, phase.firstFailure, phase.lastFailure]
            return
                "phase \(phase.name) \(phase.requests) \(times.map(Self.word).joined(separator: " "))"
                + " \(phase.suppressed) \(outcomes.joined(separator: ",")) \(servers.joined(separator: ","))"
        }
    }

    private static func phase(_ words: [String]) -> ProbePhase? {
        guard let requests = Int(words[2]), let gap = optional(words[3]), let gapStart = Int(words[4]),
            let firstFailure = optional(words[5]), let lastFailure = optional(words[6]),
            let suppressed = Int(words[7])
        else { return nil }
        var phase = ProbePhase(name: words[1])
        phase.requests = requests
        phase.longestGap = gap
        phase.longestGapStart = gapStart
        phase.firstFailure = firstFailure
        phase.lastFailure = lastFailure
        phase.suppressed = suppressed
        for pair in words[8].split(separator: ",") {
            let parts = pair.split(separator: "=")
            guard parts.count == 2, let count = Int(parts[1]),
                let outcome = ProbeOutcome.allCases.first(where: { $0.name == parts[0] })
            else { return nil }
            phase.outcomes[outcome] = count
        }
        for pair in words[9].split(separator: ",") {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let count = Int(parts[1]), let name = bytes(parts[0]) else { return nil }
            phase.servers[String(decoding: name, as: UTF8.self)] = count
        }
        return phase
    }

    private static func word(_ value: Int?) -> String { value.map(String.init) ?? "-" }

    private static func optional(_ word: String) -> Int?? {
        if word == "-" { return .some(nil) }
        return Int(word).map { .some($0) }
    }

    private static func hexadecimal(_ text: String) -> String {
        text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
