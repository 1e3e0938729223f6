import Errors
import Inventory
import Planning
import Prober
import Provisioning

/// Where the prober runs.
package enum ProberLocation: Sendable, Equatable {
    /// Here.
    case controller
    /// On an application host, by name.
    case host(String)

    /// `controller`, or the host's name.
    package var name: String {
        switch self {
        case .controller: "controller"
        case .host(let name): name
        }
    }
}

/// A place from which the VIP can be reached, and how to start a prober there.
struct ProberSite: Sendable {
    var location: ProberLocation
    /// Microseconds between two requests.
    var interval: Int
    /// How finely gaps are known.
    var resolutionMilliseconds: Int { (interval + 999) / 1000 }
    /// Starts one that asks at that interval.
    let begin: @Sendable (_ interval: Int) async throws(Failure) -> any ClientProbe

    func start() async throws(Failure) -> any ClientProbe { try await begin(interval) }

    /// The same place, where requests are to be no closer than that.
    func slowed(to interval: Int) -> ProberSite {
        var slow = self
        slow.interval = max(interval, self.interval)
        return slow
    }

    /// What a search for one came to.
    enum Choice: Sendable {
        case site(ProberSite)
        /// Nothing came back, from anywhere: no network leads there, or somebody drops it. What to tell where one should.
        case silence(Failure)
    }

    /// The controller where the VIP answers it, otherwise the first application host that it answers. A controller that is a
    /// balancer comes last: the VIP that it holds answers it without the network.
    static func choose(
        _ configuration: ProbeConfiguration, cluster: Cluster, binary: StaticProgram?,
        connect: @escaping Connector
    ) async throws(Failure) -> Choice {
        let trial = trial(configuration)
        var search = ProberSearch(configuration)
        func here() async throws(Failure) -> Choice? {
            guard let seen = try await attempt(try LocalProbe(trial)) else {
                return .site(
                    ProberSite(location: .controller, interval: configuration.interval) {
                        interval throws(Failure) in try LocalProbe(configuration.asking(every: interval))
                    })
            }
            try search.note(seen, from: "here")
            return nil
        }
        let isBalancer = cluster.balancers.contains { $0.connection == .local }
        if !isBalancer || binary == nil, let site = try await here() { return site }
        guard let binary else {
            return try search.end(
                "Take the haprov that `make dist` makes, which has the prober inside, or name one in $HAPROV_PROBER, so"
                    + " that it can be run on an application host; or run haprov verify on a machine that reaches the VIP."
            )
        }
        for host in cluster.applications {
            do {
                let probe = try await RemoteProbe.start(trial, on: host, binary: binary, connect: connect)
                guard let seen = try await attempt(probe) else {
                    return .site(
                        ProberSite(location: .host(host.name), interval: configuration.interval) {
                            interval throws(Failure) in
                            try await RemoteProbe.start(
                                configuration.asking(every: interval), on: host, binary: binary, connect: connect)
                        })
                }
                try search.note(seen, from: host.name)
            } catch {
                if error.kind == .cancelled || error.step == ProberSearch.step { throw error }
                search.note(error, from: host.name)
            }
        }
        if isBalancer, let site = try await here() { return site }
        return try search.end(
            "Open the frontend's port on the balancers (haprov plan shows what it would open), or run haprov verify on a"
                + " machine that reaches the VIP.")
    }

    /// A few requests, to see whether there is a way at all.
    private static func trial(_ configuration: ProbeConfiguration) -> ProbeConfiguration {
        var trial = configuration.asking(every: max(20_000, configuration.interval))
        trial.maximumSeconds = 60
        return trial
    }

    /// Nil where HAProxy, or anything that speaks for it, answered within three seconds; otherwise how requests ended.
    private static func attempt(_ probe: any ClientProbe) async throws(Failure) -> [ProbeOutcome: Int]? {
        let answered: Bool
        do {
            answered = try await Waiting.until(milliseconds: 3000) { probe.progress.good > 0 || probe.fault != nil }
        } catch {
            _ = try? await probe.stop()
            throw Failure(
                .cancelled, step: ProberSearch.step, summary: "Interrupted.",
                remedy: "Run haprov verify again; nothing was changed.")
        }
        let summary = try await probe.stop()
        if answered, summary.requests > summary.failed { return nil }
        // An answer with a bad status is an answer: the way is open, and the drill says what is wrong with it.
        let outcomes = summary.outcomes
        if outcomes[.badStatus, default: 0] + outcomes[.malformed, default: 0] > 0 { return nil }
        return outcomes
    }
}

extension ProbeConfiguration {
    /// - Parameter interval: microseconds.
    fileprivate func asking(every interval: Int) -> ProbeConfiguration {
        var copy = self
        copy.interval = interval
        return copy
    }
}
