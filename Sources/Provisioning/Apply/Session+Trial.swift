import Errors
import HostShell
import Inventory
import Planning
import SSH
import Synchronization
import Texts
import VRRP

/// Trying whether VRRP passes between the balancers, by advertisements that nobody takes to heart.
extension Session {
    /// All balancers hear; then each sends, all at the same time, by a second connection; then all say whom they heard.
    package func perform(_ trial: VRRPTrial, by fleet: Fleet) async -> [TrialOutcome] {
        guard let program = listener() else {
            return trial.ways.map { way in
                let reason = "haprov-vrrpd is not at hand"
                return TrialOutcome(way, absent: [way.members.first?.host ?? "": reason])
            }
        }
        var outcomes: [TrialOutcome] = []
        for way in trial.ways {
            events(.stage("Send \(VRRPTrial.text) from each balancer, virtual router ID \(way.virtualRouterID)"))
            outcomes.append(await perform(way, by: fleet, program))
        }
        return outcomes
    }

    private func perform(_ way: VRRPTrial.Way, by fleet: Fleet, _ program: StaticProgram) async -> TrialOutcome {
        let hearing = Hearing()
        return await withTaskGroup(of: Void.self) { group in
            for member in way.members {
                group.addTask { await hear(way, member, by: fleet, program, hearing) }
            }
            let hosts = cluster.balancers.filter { host in way.members.contains { $0.host == host.name } }
            let senders = await Fleet.connect(to: hosts, by: connector)
            for failure in senders.failures { hearing.lose(failure.host ?? "", failure.summary) }
            // None sends before all hear.
            while !hearing.isSettled(among: way.members.map(\.host)), !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(50))
            }
            let places = hearing.places
            _ = await senders.onEach(Array(places.keys)) { host throws(Failure) -> Void in
                guard let place = places[host], let member = way.members.first(where: { $0.host == host }) else {
                    return
                }
                let words = ["trial_send", place.program] + way.arguments(of: member)
                for record in try await ask([words], on: host, senders) where record.word == "refused" {
                    hearing.refuse(host, record[1])
                }
            }
            // What was sent is with the others before a word of theirs could be here.
            _ = await senders.onEach(Array(places.keys)) { host throws(Failure) -> Void in
                guard let place = places[host] else { return }
                _ = try await ask([["trial_end", place.program, place.process]], on: host, senders)
            }
            await senders.close()
            await group.waitForAll()
            return hearing.outcome(way)
        }
    }

    private func ask(_ calls: [[String]], on host: String, _ fleet: Fleet) async throws(Failure) -> [Record] {
        let script = RemoteScript(ShellLibrary.host.script(calls: calls))
        let result = try await fleet.run(script, on: host, deadline: Deadline(idle: 30, total: 60))
        return Record.all(in: result.standardOutput)
    }

    private func hear(
        _ way: VRRPTrial.Way, _ member: VRRPTrial.Member, by fleet: Fleet, _ program: StaticProgram, _ hearing: Hearing
    ) async {
        let words = ["trial_hear", "\(program.size)"] + way.arguments(of: member) + ["--seconds", "120"]
        let script = RemoteScript(
            ShellLibrary.host.script(calls: [words, ["hp_say", "end"]]), payload: [program.payload])
        let reader = Mutex(LineCutter())
        do throws(Failure) {
            let result = try await fleet.run(
                script, on: member.host, deadline: Deadline(idle: 60, total: 600)
            ) { chunk in
                guard case .standardOutput(let bytes) = chunk else { return }
                for line in reader.withLock({ $0.take(bytes) }) {
                    guard let record = Record(line: line), record.word == "hearing" else { continue }
                    hearing.begin(member.host, program: record[1], process: record[2])
                }
            }
            let records = Record.all(in: result.standardOutput)
            guard records.last?.word == "end" else {
                return hearing.lose(member.host, records.first { $0.word == "die" }?[1] ?? "the host did not answer")
            }
            hearing.end(member.host, records.filter { $0.word == "heard" }.compactMap { IPAddress($0[1]) })
        } catch {
            hearing.lose(member.host, error.summary)
        }
    }
}

/// What is known of a trial while it goes on.
private final class Hearing: Sendable {
    /// Where a balancer hears.
    struct Place: Sendable {
        var program: String
        var process: String
    }

    private struct State {
        var places: [String: Place] = [:]
        var heard: [String: [IPAddress]] = [:]
        var refused: [String: String] = [:]
        var absent: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// Those that hear.
    var places: [String: Place] { state.withLock(\.places) }

    /// Whether each hears, or never will.
    func isSettled(among hosts: [String]) -> Bool {
        state.withLock { state in hosts.allSatisfy { state.places[$0] != nil || state.absent[$0] != nil } }
    }

    func begin(_ host: String, program: String, process: String) {
        state.withLock { $0.places[host] = Place(program: program, process: process) }
    }

    func end(_ host: String, _ heard: [IPAddress]) { state.withLock { $0.heard[host] = heard } }

    func refuse(_ host: String, _ reason: String) { state.withLock { $0.refused[host] = reason } }

    func lose(_ host: String, _ reason: String) { state.withLock { $0.absent[host] = reason } }

    func outcome(_ way: VRRPTrial.Way) -> TrialOutcome {
        state.withLock { TrialOutcome(way, heard: $0.heard, refused: $0.refused, absent: $0.absent) }
    }
}
