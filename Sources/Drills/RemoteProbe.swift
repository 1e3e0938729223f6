import Errors
import HostShell
import Inventory
import Planning
import ProbeHistory
import Prober
import Provisioning
import SSH
import Synchronization
import Texts

/// A prober that was brought to an application host by SSH, runs there as whoever logs in, and leaves nothing behind.
final class RemoteProbe: ClientProbe {
    private struct State {
        var lines = LineCutter()
        var pipe: String?
        var progress = ProbeProgress()
        var isReady = false
        var phases: [ProbePhase] = []
        var history = RequestHistory()
        var isWhole = false
        var fault: String?
        var hasEnded = false

        mutating func take(_ record: Record) {
            switch record.word {
            case "control": pipe = record[1]
            case "die": fault = record[1]
            default: break
            }
        }
    }

    private let host: Host
    private let connect: Connector
    private let state = Mutex(State())
    private let task = Mutex<Task<Void, Never>?>(nil)

    private init(host: Host, connect: @escaping Connector) {
        self.host = host
        self.connect = connect
    }

    /// Uploads the prober and starts it.
    ///
    /// - Parameter binary: the static program on the controller.
    static func start(
        _ configuration: ProbeConfiguration, on host: Host, binary: StaticProgram,
        connect: @escaping Connector
    ) async throws(Failure) -> RemoteProbe {
        let probe = RemoteProbe(host: host, connect: connect)
        let authorities = configuration.tls?.authorities
        let script = RemoteScript(
            HostScript.probe(
                size: binary.size, arguments: arguments(configuration), authorities: authorities?.count),
            payload: [binary.payload] + [authorities.map { .bytes($0) }].compactMap { $0 }, asRoot: false)
        let seconds = Double(configuration.maximumSeconds + 120)
        probe.task.withLock { $0 = Task { await probe.follow(script, total: seconds) } }
        let limit = 60_000
        let ready: Bool
        do {
            ready = try await Waiting.until(milliseconds: limit) {
                probe.state.withLock { $0.isReady || $0.hasEnded }
            }
        } catch {
            await probe.abandon()
            throw Failure(
                .cancelled, host: host.name, step: "starting the prober", summary: "Interrupted.",
                remedy: "Run haprov verify again.")
        }
        if ready, probe.state.withLock(\.isReady) { return probe }
        await probe.abandon()
        throw probe.failure(probe.state.withLock(\.fault) ?? "it did not start within \(limit / 1000) s")
    }

    /// All but the authorities, which travel as a file: they may be many, and the host's own may be others.
    private static func arguments(_ configuration: ProbeConfiguration) -> [String] {
        var arguments = [
            "--target", configuration.target, "--kind", configuration.kind.rawValue, "--path", configuration.path,
            "--expect", configuration.expected.text, "--interval-us", String(configuration.interval),
            "--timeout-ms", String(configuration.timeout / 1000),
            "--max-in-flight", String(configuration.maximumInFlight),
            "--max-seconds", String(configuration.maximumSeconds),
        ]
        if let host = configuration.host { arguments += ["--host", host] }
        if let tls = configuration.tls { arguments += ["--tls", tls.name ?? "-"] }
        return arguments
    }

    var progress: ProbeProgress { state.withLock(\.progress) }
    var fault: String? { state.withLock { $0.fault ?? ($0.hasEnded ? "the prober has ended" : nil) } }

    func mark(_ phase: String) async throws(Failure) { try await tell("mark \(phase)") }

    func stop() async throws(Failure) -> ProbeSummary {
        if !state.withLock(\.hasEnded) {
            try await tell("stop")
            let ended = try? await Waiting.until(milliseconds: 10_000) { self.state.withLock(\.hasEnded) }
            if ended != true { await abandon() }
        }
        let (summary, isWhole) = state.withLock {
            (ProbeSummary(phases: $0.phases, history: $0.history), $0.isWhole)
        }
        if !isWhole { throw failure(fault ?? "its summary did not arrive") }
        return summary
    }

    /// Ends the connection; the prober notices and goes.
    private func abandon() async {
        let running = task.withLock { $0 }
        running?.cancel()
        await running?.value
    }

    private func tell(_ command: String) async throws(Failure) {
        guard let pipe = state.withLock(\.pipe) else { throw failure("it has no control pipe") }
        do {
            let connection = try await connect(host)
            let result: Result<RemoteResult, SSHError>
            do {
                let script = RemoteScript(HostScript.probeControl(pipe: pipe, command: command), asRoot: false)
                result = .success(try await connection.run(script, deadline: Deadline(idle: 10, total: 10)) { _ in })
            } catch {
                result = .failure(error)
            }
            await connection.close()
            if try result.get().said("gone") != nil { throw failure(fault ?? "it is gone") }
        } catch let error as SSHError {
            throw Failure(error, host: host.name)
        } catch let error as Failure {
            throw error
        } catch {
            throw failure("\(error)")
        }
    }

    private func follow(_ script: RemoteScript, total: Double) async {
        var fault: String?
        do {
            let connection = try await connect(host)
            do {
                let result = try await connection.run(script, deadline: Deadline(idle: 30, total: total)) { chunk in
                    if case .standardOutput(let bytes) = chunk { self.take(bytes) }
                }
                if result.exitStatus != 0 { fault = result.lastWords }
            } catch {
                fault = error.message
            }
            await connection.close()
        } catch {
            fault = error.message
        }
        state.withLock { state in
            state.hasEnded = true
            state.fault = state.fault ?? fault
        }
    }

    private func take(_ bytes: [UInt8]) {
        state.withLock { state in
            for line in state.lines.take(bytes) {
                if let record = Record(line: line) { state.take(record) }
                switch ProbeLine(line) {
                case .ready: state.isReady = true
                case .progress(let progress): state.progress = progress
                case .phase(let phase): state.phases.append(phase)
                case .history(let history): state.history = history
                case .end: state.isWhole = true
                case .error(let message): state.fault = message
                case nil: break
                }
            }
        }
    }

    private func failure(_ found: String) -> Failure {
        Failure(
            .verification, host: host.name, step: "probing the VIP from here",
            summary: "Expected a prober that runs to its end, found: \(found).",
            remedy: "Run haprov verify again; where it stays so, run it on a machine that reaches the VIP itself.")
    }
}
