import Errors
import Inventory
import Provisioning
import SSH
import Synchronization

/// HAProxy on one balancer in a drill's hands: the way back armed, the kill, and everything as it was.
actor HoldDown {
    private let link: HostLink
    private let owner: String
    private let places: HostScript.Places
    /// From the moment at which arming was asked for: a lost answer does not mean that nothing was armed.
    private(set) var mayBeArmed = false
    /// When the host gives HAProxy back by itself, at the latest.
    private(set) var deadline: ContinuousClock.Instant?

    init(link: HostLink, owner: String, places: HostScript.Places = .init()) {
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
            "Nothing was killed. Wait for another drill's timer; otherwise see systemctl status"
                + " haprov-drill-restore.timer.")
    }

    /// Kills every process of the unit.
    ///
    /// - Parameters:
    ///   - hold: keep it from being started again.
    ///   - killing: called when the host is about to do it.
    func kill(hold: Bool, killing: @escaping @Sendable () -> Void) async throws(Failure) {
        let said = Mutex<(text: String, done: Bool)>(("", false))
        let result = try await run(HostScript.kill(hold: hold, places: places), step: "killing HAProxy") { chunk in
            guard case .standardOutput(let bytes) = chunk else { return }
            let isNew = said.withLock { said in
                said.text += String(decoding: bytes, as: UTF8.self)
                guard !said.done, said.text.contains("killing\n") else { return false }
                said.done = true
                return true
            }
            if isNew { killing() }
        }
        if result.lines.contains("gone") { return }
        let left = result.lines.first { $0.hasPrefix("left ") }
        throw failure(
            "killing HAProxy",
            left.map { "Expected no process of haproxy.service after SIGKILL, found \($0.dropFirst(5))." }
                ?? "Expected HAProxy to be killed, found: \(refusal(result)).",
            "HAProxy is given back now; see systemctl status haproxy.")
    }

    /// Gives HAProxy back, waits until it is active, and disarms the timer. Tries again over a new connection when the
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
        let result = try await run(script, step: "giving HAProxy back", total: 400)
        guard result.lines.contains("haproxy active") else {
            let state = result.lines.last { $0.hasPrefix("haproxy ") }?.dropFirst(8) ?? "in an unknown state"
            throw failure(
                "giving HAProxy back", "Expected haproxy.service to be active again, found it \(state).",
                "See systemctl status haproxy and journalctl -u haproxy there.", cause: result.lastWords)
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
