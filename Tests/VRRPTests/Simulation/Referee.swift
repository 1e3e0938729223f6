import VRRP

/// Looks at all hosts from above: in a healthy network there is one master, and it is the right one.
struct Referee {
    /// A virtual router, as it is at the moment.
    private struct Verdict {
        var masters = 0
        var holders = 0
        var isAnybodyFit = false
        /// Since when the numbers are not as they should be.
        var wrongSince: Int64?

        var isRight: Bool { masters == holders && masters == (isAnybodyFit ? 1 : 0) }
    }

    private let scenario: Scenario
    private var verdicts: [String: Verdict] = [:]
    /// Something is wrong with the network or a host at the moment.
    var isUnrest = true
    /// From this moment on everything has to be right.
    private(set) var binding: Int64 = 0

    init(scenario: Scenario) {
        self.scenario = scenario
        for router in scenario.members.flatMap(\.settings.routers) { verdicts[router.name] = Verdict() }
    }

    /// Something has happened that may take that long to get over.
    mutating func disturbed(from time: Int64, for duration: Int64) { binding = max(binding, time + duration) }

    /// Whether nothing has to be got over any more.
    func isCalm(at time: Int64) -> Bool { !isUnrest && time > binding && verdicts.values.allSatisfy(\.isRight) }

    /// Nothing changes until then.
    func pass(to time: Int64) throws(Finding) {
        guard !isUnrest else { return }
        for (name, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
            guard let since = verdict.wrongSince else { continue }
            // One that takes over is master while its first advertisement is under way to the other.
            let allowance = verdict.masters > 1 && verdict.isAnybodyFit ? scenario.handover : 0
            if time > max(since + allowance, binding) {
                throw Finding(
                    time: time,
                    what: "\(name) has \(verdict.masters) masters, its addresses are on \(verdict.holders) hosts, "
                        + "since \(seconds(since)); somebody is fit: \(verdict.isAnybodyFit)")
            }
        }
    }

    /// Counts anew.
    mutating func look(at hosts: [SimulatedHost], at time: Int64) {
        for name in verdicts.keys {
            var verdict = Verdict()
            for host in hosts {
                guard let router = host.settings.routers.first(where: { $0.name == name }) else { continue }
                if host.installed.isSuperset(of: router.movingAddresses) { verdict.holders += 1 }
                guard host.condition != .stopped else { continue }
                if host.state(ofRouter: name) == .master { verdict.masters += 1 }
                if Self.isEligible(router, on: host, at: time) { verdict.isAnybodyFit = true }
            }
            verdict.wrongSince = verdict.isRight ? nil : (verdicts[name]?.wrongSince ?? time)
            verdicts[name] = verdict
        }
    }

    /// Running, with nothing down, and not told to stay away.
    private static func isEligible(_ router: RouterSettings, on host: SimulatedHost, at time: Int64) -> Bool {
        host.condition != .stopped && host.isFit(router)
            && (host.awayUntil[router.name] ?? .min) <= time + host.offset
    }

    /// No router is better than the master and may preempt it, and the backups know who is master.
    func checkHost(_ master: SimulatedHost, among hosts: [SimulatedHost], at time: Int64) throws(Finding) {
        guard master.condition == .running else { return }
        for router in master.settings.routers where master.state(ofRouter: router.name) == .master {
            for host in hosts where host.number != master.number {
                guard let other = host.settings.routers.first(where: { $0.name == router.name }),
                    Self.isEligible(other, on: host, at: time)
                else { continue }
                if host.mayPreempt(other), host.priority(of: other) > master.priority(of: router) {
                    throw Finding(
                        time: time,
                        what: "host \(master.number) is master of \(router.name), host \(host.number) should be")
                }
                guard host.election.status(of: router.name)?.master == master.address(of: router) else {
                    throw Finding(
                        time: time,
                        what: "host \(host.number) does not know that host \(master.number) is master of \(router.name)"
                    )
                }
            }
        }
    }

    /// How long it takes until another one is master, once one has resigned: the skew of the best.
    func resignationTime(without host: Int, hosts: [SimulatedHost], at time: Int64) -> Int64 {
        var longest: Int64 = 0
        for name in verdicts.keys {
            var best: RouterSettings?
            var bestPriority: UInt8 = 0
            for other in hosts where other.number != host {
                guard let router = other.settings.routers.first(where: { $0.name == name }),
                    Self.isEligible(router, on: other, at: time)
                else { continue }
                let priority = other.priority(of: router)
                if priority > bestPriority { (best, bestPriority) = (router, priority) }
            }
            guard let best else { continue }
            longest = max(longest, skew(scenario.longestInterval, version: best.version, priority: bestPriority))
        }
        return longest + scenario.handover
    }
}
