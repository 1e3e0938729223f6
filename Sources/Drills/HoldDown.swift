import Errors
import Inventory
import Provisioning
import SSH
import Synchronization

/// What a drill breaks on one balancer: the way back armed, the deed, and everything as it was.
actor HoldDown {
    private let scenario: Scenario
    /// What is broken, as users call it, and its service.
    private let subject: String
    private let service: String
    private let link: HostLink
    private let owner: String
    private let places: HostScript.Places
    /// From the moment at which arming was asked for: a lost answer does not mean that nothing was armed.
    private(set) var mayBeArmed = false
    /// When the host gives it back by itself, at the latest.
    private(set) var deadline: ContinuousClock.Instant?

    init(
        _ scenario: Scenario, on cluster: Cluster, link: HostLink, owner: String, places: HostScript.Places = .init()
    ) {
        self.scenario = scenario
        subject = scenario.victim.title(in: cluster)
        service = scenario.victim.service(in: cluster)
        self.link = link
        self.owner = owner
        self.places = places
    }

    /// Arms the way back and makes sure that it is.
    func arm(seconds: Int) async throws(Failure) {
        let script = HostScript.arm(seconds: seconds, owner: owner, places: places)
        mayBeArmed = true
        let result = try await run(script, step: "arming the way back")
        if result.lines.contains("armed \(seconds)") {
            deadline = .now + .seconds(seconds)
            return
        }
        // The script has taken back what it did; what stands there is somebody else's.
        mayBeArmed = false
        throw failure(
            "arming the way back", "Expected an armed timer, found: \(refusal(result)).",
            "Nothing was \(scenario.deed.participle). Wait for another drill's timer; otherwise see systemctl status"
                + " haprov-drill-restore.timer.")
    }

    /// Does the deed.
    ///
    /// - Parameter beginning: called when the host is about to do it.
    func breakIt(beginning: @escaping @Sendable () -> Void) async throws(Failure) {
        let deed = scenario.deed
        let step = "\(deed.gerund) \(subject)"
        let said = Mutex<(text: String, done: Bool)>(("", false))
        let script = HostScript.kill(hold: scenario.isHeldDown, places: places)
        let result = try await run(script, step: step) { chunk in
            guard case .standardOutput(let bytes) = chunk else { return }
            let isNew = said.withLock { said in
                said.text += String(decoding: bytes, as: UTF8.self)
                guard !said.done, said.text.contains("killing\n") else { return false }
                said.done = true
                return true
            }
            if isNew { beginning() }
        }
        if result.lines.contains("gone") { return }
        let left = result.lines.first { $0.hasPrefix("left ") }
        throw failure(
            step,
            left.map { "Expected no process of \(service).service after \(deed.means), found \($0.dropFirst(5))." }
                ?? "Expected \(subject) to be \(deed.participle), found: \(refusal(result)).",
            "\(subject) is given back now; see systemctl status \(service).")
    }

    /// Gives the victim back, waits until it is active, and disarms the timer. Tries again over a new connection when the
    /// host is lost on the way.
    func giveBack() async throws(Failure) {
        var lost: Failure?
        for pause in [0, 1, 3] {
            if pause > 0 { try? await Task.sleep(for: .seconds(pause)) }
            do {
                return try await giveBackOnce()
            } catch {
                guard error.kind == .unreachable else { throw error }
                lost = error
            }
        }
        if let lost { throw lost }
    }

    private func giveBackOnce() async throws(Failure) {
        let script = HostScript.wayBack(disarm: false, places: places)
        let result = try await run(script, step: "giving \(subject) back", total: 400)
        guard result.lines.contains("haproxy active") else {
            let state = result.lines.last { $0.hasPrefix("haproxy ") }?.dropFirst(8) ?? "in an unknown state"
            throw failure(
                "giving \(subject) back", "Expected \(service).service to be active again, found it \(state).",
                "See systemctl status \(service) and journalctl -u \(service) there.", cause: result.lastWords)
        }
        let disarmed = try await run(HostScript.disarm(places: places), step: "disarming the way back")
        let left = disarmed.lines.filter { $0.hasPrefix("left ") }.map { $0.dropFirst(5) }
        guard disarmed.lines.contains("disarmed"), left.isEmpty else {
            throw failure(
                "disarming the way back", "Expected no trace of the drill, found \(left.joined(separator: " ")).",
                "Remove it, then systemctl daemon-reload.", cause: disarmed.lastWords)
        }
        mayBeArmed = false
    }

    private func run(
        _ script: String, step: String, total: Double = 60,
        output: @escaping @Sendable (OutputChunk) -> Void = { _ in }
    ) async throws(Failure) -> RemoteResult {
        do { return try await link.run(script, total: total, output: output) } catch {
            var failure = Failure(error, host: link.host.name)
            failure.step = step
            throw failure
        }
    }

    private func refusal(_ result: RemoteResult) -> String {
        result.lines.first { $0.hasPrefix("refused ") }.map { String($0.dropFirst(8)) } ?? result.lastWords
            ?? "exit status \(result.exitStatus.map(String.init) ?? "unknown")"
    }

    private func failure(_ step: String, _ summary: String, _ remedy: String, cause: String? = nil) -> Failure {
        Failure(.verification, host: link.host.name, step: step, summary: summary, remedy: remedy, cause: cause)
    }
}
