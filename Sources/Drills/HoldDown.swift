import Errors
import Inventory
import Provisioning
import SSH
import Synchronization

/// What a drill breaks on one balancer: the way back armed, the deed, and everything as it was.
actor HoldDown {
    private let scenario: Scenario
    nonisolated let fault: Fault
    nonisolated let host: Host
    private let link: HostLink
    private let owner: String
    /// From the moment at which arming was asked for: a lost answer does not mean that nothing was armed.
    private(set) var mayBeArmed = false
    /// When the host gives it back by itself, at the latest.
    private(set) var deadline: ContinuousClock.Instant?

    /// - Parameter instances: the VIPs that it is about.
    init(_ scenario: Scenario, on cluster: Cluster, for instances: [VRRPInstance], link: HostLink, owner: String) {
        self.scenario = scenario
        fault = Fault(scenario, on: link.host, in: cluster, for: instances)
        host = link.host
        self.link = link
        self.owner = owner
    }

    private var subject: String { fault.subject }

    /// Arms the way back and makes sure that it is.
    func arm(seconds: Int) async throws(Failure) {
        let script = HostScript.arm(fault, seconds: seconds, owner: owner)
        mayBeArmed = true
        let result = try await run(script, step: "arming the way back")
        if result.said("armed") == "\(seconds)" {
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
        let script = HostScript.commit(fault)
        let result = try await run(script, step: step) { chunk in
            guard case .standardOutput(let bytes) = chunk else { return }
            let isNew = said.withLock { said in
                said.text += String(decoding: bytes, as: UTF8.self)
                guard !said.done, said.text.contains("@beginning\n") else { return false }
                said.done = true
                return true
            }
            if isNew { beginning() }
        }
        if result.said("gone") != nil {
            // What comes now over this connection would wait until the host is back.
            if deed.cut != nil { await link.close() }
            return
        }
        throw failure(
            step,
            result.said("left").map { "Expected no process of \(fault.target) after \(deed.means), found \($0)." }
                ?? "Expected \(subject) to be \(deed.participle), found: \(refusal(result)).",
            "\(subject) is given back now" + (fault.evidence.first.map { "; see \($0)." } ?? "."))
    }

    /// Gives the victim back, waits until it is back, and disarms the timer. Tries again over a new connection when the
    /// host is lost on the way.
    func giveBack() async throws(Failure) {
        if let cut = scenario.deed.cut, let deadline {
            return try await giveBack(until: deadline + .seconds(cut.grace))
        }
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

    /// Where the host cannot be reached, or is not yet as it should be, until it is.
    private func giveBack(until end: ContinuousClock.Instant) async throws(Failure) {
        while true {
            do {
                return try await giveBackOnce()
            } catch {
                guard [.unreachable, .verification].contains(error.kind), .now < end else { throw error }
                await link.close()
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    private func giveBackOnce() async throws(Failure) {
        let script = HostScript.wayBack(fault)
        let result = try await run(script, step: "giving \(subject) back", total: 400)
        let state = result.said("state") ?? "in an unknown state"
        guard state == fault.restored else {
            throw failure(
                "giving \(subject) back", "Expected \(fault.target) to be \(fault.restored) again, found it \(state).",
                fault.evidence.isEmpty
                    ? "Give it back by hand." : "See \(fault.evidence.joined(separator: " and ")) there.",
                cause: result.lastWords)
        }
        let disarmed = try await run(HostScript.disarm(fault), step: "disarming the way back")
        let left = disarmed.records.filter { $0.word == "left" }.map { $0[1] }
        guard disarmed.said("disarmed") != nil, left.isEmpty else {
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
        result.said("die") ?? result.lastWords
            ?? "exit status \(result.exitStatus.map(String.init) ?? "unknown")"
    }

    private func failure(_ step: String, _ summary: String, _ remedy: String, cause: String? = nil) -> Failure {
        Failure(.verification, host: link.host.name, step: step, summary: summary, remedy: remedy, cause: cause)
    }
}
