import VRRP

/// Waits until it is known of everything that is tracked whether it is up, but not for ever.
final class FirstStates {
    private let loop: EventLoop
    private var known: Set<TrackTarget> = []
    private var awaited: Set<TrackTarget> = []
    private var limit: EventLoop.Token?
    private var then: ((Set<TrackTarget>) -> Void)?

    init(loop: EventLoop) { self.loop = loop }

    /// Goes on as soon as all of these are known, or after the limit; at once where they are known already. Takes the place
    /// of an earlier wait.
    ///
    /// - Parameter then: told which ones are still not known.
    func wait(for targets: Set<TrackTarget>, atMost limit: Duration, _ then: @escaping (Set<TrackTarget>) -> Void) {
        known.formIntersection(targets)
        awaited = targets.subtracting(known)
        self.then = then
        if let token = self.limit { loop.cancel(token) }
        self.limit = loop.schedule(after: limit) { [self] in finish() }
        if awaited.isEmpty { finish() }
    }

    /// Its state is known now.
    func came(_ target: TrackTarget) {
        known.insert(target)
        if awaited.remove(target) != nil, awaited.isEmpty { finish() }
    }

    private func finish() {
        if let limit { loop.cancel(limit) }
        limit = nil
        let then = then
        self.then = nil
        then?(awaited)
    }
}
