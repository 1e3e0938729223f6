import Errors
import Prober
import Provisioning

/// A running prober, here or on a host.
protocol ClientProbe: Sendable {
    var progress: ProbeProgress { get }
    /// Why it no longer runs, though nobody stopped it.
    var fault: String? { get }
    /// Begins a new phase of the summary.
    func mark(_ phase: String) async throws(Failure)
    func stop() async throws(Failure) -> ProbeSummary
}

/// A prober on a thread of this process.
struct LocalProbe: ClientProbe {
    private let prober: OpenLoopProber

    init(_ configuration: ProbeConfiguration) throws(Failure) {
        do { prober = try OpenLoopProber(configuration) } catch {
            throw Failure(
                .verification, step: "starting the prober", summary: error.message,
                remedy: "Run haprov verify where more files may be open (ulimit -n).")
        }
    }

    var progress: ProbeProgress { prober.progress }
    var fault: String? { prober.summary == nil ? nil : "the prober's time was over" }
    func mark(_ phase: String) async { prober.mark(phase) }
    func stop() async -> ProbeSummary { prober.stop() }
}

/// Whether clients are served steadily: by what a prober reports while time goes by.
struct SteadyState {
    /// Microseconds that must have gone well.
    let window: Int
    /// Good answers that have to be among them.
    private let enough: Int
    /// Microseconds since the last good answer.
    private let freshness: Int
    private var samples: [ProbeProgress] = []

    /// - Parameter interval: microseconds between two requests; where they are rare, more time has to go well.
    init(interval: Int) {
        window = max(500_000, 5 * interval)
        enough = min(20, window / interval - 1)
        freshness = max(150_000, 3 * interval)
    }

    /// Takes the present progress; whether nearly all requests of the window went well.
    mutating func take(_ progress: ProbeProgress) -> Bool {
        if let last = samples.last, last.elapsed == progress.elapsed { return false }
        samples.append(progress)
        while samples.count > 1, progress.elapsed - samples[1].elapsed >= window { samples.removeFirst() }
        let first = samples[0]
        guard progress.elapsed - first.elapsed >= window, let lastGood = progress.lastGood else { return false }
        let good = progress.good - first.good
        let failed = progress.failed - first.failed
        return good >= enough && failed * 20 <= good && progress.elapsed - lastGood < freshness
    }
}
