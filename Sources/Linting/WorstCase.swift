import HAProxyReading
import Inventory
import VRRP
import YAMLReading

/// After how long clients are served again, at worst, by a kind of failure of the balancer that holds the address, as far as
/// configurations say.
package struct WorstCase: Sendable, Equatable {
    /// What fails.
    package enum Failure: String, Sendable, CaseIterable {
        case haproxyDies = "HAProxy dies"
        case haproxyHangs = "HAProxy hangs"
        case daemonDies = "VRRP daemon dies"
        case hostDies = "host dies"
        case linkCut = "link is cut"
        case applicationDies = "application dies"
    }

    /// When clients are served again.
    package enum Time: Sendable, Equatable {
        case milliseconds(Int)
        /// As long as nobody steps in.
        case never
        /// The files do not say.
        case unknown
    }

    package var failure: Failure
    package var time: Time
    package var why: String

    /// For people: `2.61s`, `never`, `?`.
    package var text: String {
        switch time {
        case .milliseconds(let time): Notation.duration(time)
        case .never: "never"
        case .unknown: "?"
        }
    }

    /// One for each kind of failure: of all balancers and all their addresses the slowest.
    package static func all(of subject: LintSubject) -> [WorstCase] {
        let shared = SharedRouter.all(of: subject)
        let views = shared.flatMap { shared in
            shared.members.map { router in
                View(
                    router: router, others: shared.members.filter { $0.balancer.name != router.balancer.name },
                    detection: subject.detection)
            }
        }
        func slowest(_ failure: Failure, _ cases: [(Time, String)]) -> WorstCase {
            let worst = cases.max { $0.0.rank < $1.0.rank }
            return WorstCase(
                failure: failure, time: worst?.0 ?? .unknown, why: worst?.1 ?? "no keepalived.conf says")
        }
        let applications = subject.balancers.compactMap(\.haproxy).flatMap(application)
        return [
            slowest(.haproxyDies, views.map(\.haproxyDies)), slowest(.haproxyHangs, views.map(\.haproxyHangs)),
            slowest(
                .daemonDies,
                views.map {
                    (
                        .milliseconds($0.silence),
                        "another takes over after three intervals of silence; two hosts have the "
                            + "address until the daemon is back"
                    )
                }),
            slowest(
                .hostDies,
                views.map { (.milliseconds($0.silence), "another takes over after three intervals of silence") }),
            slowest(
                .linkCut,
                views.map {
                    (.milliseconds($0.silence), "the same, seen from the others; clients behind the cut have nobody")
                }),
            applications.isEmpty
                ? WorstCase(failure: .applicationDies, time: .unknown, why: "no haproxy.cfg with servers was read")
                : slowest(.applicationDies, applications),
        ]
    }

    /// From the failing of a check until another balancer has the address; nil where none takes it.
    static func takeover(of router: Router, failing check: Check, others: [Router]) -> Int? {
        let view = View(router: router, others: others, detection: nil)
        return switch router.departure(failing: check, others: others) {
        case .resigns: view.skew
        case .isOutweighed: view.silence
        case .stays: nil
        }
    }

    /// A router as the master that fails.
    private struct View {
        var router: Router
        var others: [Router]
        var detection: Int?

        /// The lowest of those that may have to take over decides; where none is known, the lowest that there can be.
        private var lowest: UInt8 { others.map(\.settings.priority).min() ?? 1 }

        var skew: Int {
            router.settings.version.skewTime(
                priority: lowest, masterInterval: router.settings.advertisementInterval
            ).begunMilliseconds
        }

        var silence: Int {
            router.settings.version.masterDownInterval(
                priority: lowest, masterInterval: router.settings.advertisementInterval
            ).begunMilliseconds
        }

        /// Those that can fail.
        private var able: [Check] { router.checks.filter { router.balancer.whatSees($0) != .nothing } }

        /// The same; where some name HAProxy, the others look at something else.
        private var checks: [Check] {
            let able = able
            let named = able.filter { check in
                ([check.name] + (check.script?.command ?? [])).contains { $0.contains("haproxy") }
            }
            return named.isEmpty ? able : named
        }

        var haproxyDies: (Time, String) {
            guard !router.checks.isEmpty else { return (.never, "nothing looks at HAProxy for \(router.name)") }
            guard !checks.isEmpty else { return (.never, "the check never fails") }
            let times = checks.compactMap { check in
                WorstCase.takeover(of: router, failing: check, others: others).map {
                    (
                        seen: (detection ?? check.seesDeathWithin) + router.balancer.restartTime(check), moves: $0,
                        check: check
                    )
                }
            }
            guard let best = times.min(by: { $0.seen + $0.moves < $1.seen + $1.moves }) else {
                return (.never, "`\(checks[0].name)` changes a priority, and not by enough")
            }
            return (
                .milliseconds(best.seen + best.moves),
                "`\(best.check.name)` sees it within \(Notation.duration(best.seen)), the next takes over within "
                    + Notation.duration(best.moves)
                    + (others.isEmpty && best.check.weight != 0 ? ", if the weight outweighs its priority" : "")
            )
        }

        var haproxyHangs: (Time, String) {
            guard !router.checks.isEmpty else { return (.never, "nothing looks at HAProxy for \(router.name)") }
            guard !checks.isEmpty else { return (.never, "the check never fails") }
            let asking = able.filter { router.balancer.whatSees($0) == .answers }
            let times = asking.compactMap { check in
                WorstCase.takeover(of: router, failing: check, others: others).map { check.seesHangWithin + $0 }
            }
            if let best = times.min() {
                return (.milliseconds(best), "the check asks HAProxy, and ends by its timeout")
            }
            if !asking.isEmpty { return (.never, "`\(asking[0].name)` changes a priority, and not by enough") }
            if checks.contains(where: { router.balancer.whatSees($0) == .unknown }) {
                return (.unknown, "whether the check asks HAProxy is not known here")
            }
            return (.never, "the check asks for a process, and one that hangs is one")
        }
    }

    /// Of the slowest backend.
    private static func application(_ haproxy: HAProxyConfiguration) -> [(Time, String)] {
        haproxy.proxies.flatMap { proxy in
            haproxy.servers.filter { $0.backend == proxy.name && proxy.kind != .frontend }.map { server in
                guard server.isChecked else {
                    return (
                        .never, "\(proxy.name)/\(server.name) has no `check`: its share of requests goes on failing"
                    )
                }
                let time = server.seesDeathWithin(proxy)
                return (
                    .milliseconds(time),
                    "until \(proxy.name)/\(server.name) is seen to be dead"
                        + (proxy.behaviour.redispatches
                            ? ", its requests wait and go to another" : ", its share of requests fails")
                )
            }
        }
    }
}

extension HAProxyConfiguration.Server {
    /// Milliseconds of HAProxy's own where nothing is said.
    private static let usual = (interval: 2000, fall: 3)

    /// From its death until HAProxy takes it out, where it does not even refuse connections.
    func seesDeathWithin(_ proxy: HAProxyConfiguration.Proxy) -> Int {
        let interval = check.interval ?? Self.usual.interval
        let wait = min(proxy.behaviour.timeouts["connect"] ?? interval, interval)
        return interval * (check.fall ?? Self.usual.fall) + wait
    }
}

extension WorstCase.Time {
    /// The later, the higher.
    fileprivate var rank: Int {
        switch self {
        case .never: Int.max
        case .unknown: -1
        case .milliseconds(let time): time
        }
    }
}

/// What a check sees of HAProxy.
enum CheckSight {
    /// Whether it answers.
    case answers
    /// Whether its process is there.
    case process
    /// Something, and which is not known here.
    case unknown
    /// Nothing: it never fails.
    case nothing
}

extension LintSubject.Balancer {
    func whatSees(_ check: Check) -> CheckSight {
        guard let definition = check.script else { return .process }
        switch check.command {
        case .process, .pidFile: return .process
        case .http, .statsSocket: return .answers
        case .command, nil: break
        }
        guard let path = definition.command.first, let script = scripts[path] else {
            return Self.asks(definition.command.joined(separator: " "), or: .unknown)
        }
        let shell = ShellText(script.text)
        if shell.endlessSuccess != nil || shell.looseSearch != nil, shell.stopsKeepalived == nil { return .nothing }
        return Self.asks(script.text, or: .process)
    }

    /// Milliseconds that a check may take which starts HAProxy first.
    func restartTime(_ check: Check) -> Int {
        guard let path = check.script?.command.first, let script = scripts[path] else { return 0 }
        let starts =
            script.text.contains("haproxy")
            && ["systemctl start", "systemctl restart", "service haproxy", "haproxy -f"]
                .contains { script.text.contains($0) }
        return starts ? check.timeout : 0
    }

    private static func asks(_ text: String, or other: CheckSight) -> CheckSight {
        ["curl", "wget", "nc ", "ncat", "socat", "/dev/tcp/"].contains { text.contains($0) } ? .answers : other
    }
}
