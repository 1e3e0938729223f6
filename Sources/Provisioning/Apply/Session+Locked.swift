extension Session {
    /// Does work under the lock of every balancer that is connected to, as a run of its own in their journals.
    ///
    /// - Parameters:
    ///   - run: what the journals call it.
    ///   - clock: ISO 8601, UTC, now.
    package func locked<Value: Sendable>(
        _ fleet: Fleet, for run: RunIdentity, clock: @Sendable () -> String,
        _ work: @Sendable () async throws -> Value
    ) async throws -> Value {
        let hosts = targets.map(\.name).filter { fleet.connections[$0] != nil }
        let lock = HostLock(
            fleet: fleet, run: run, opening: run.opening(cluster: cluster.name), patience: patience, events: events)
        try await lock.take(hosts)
        let value: Value
        do {
            value = try await lock.keeping(hosts) { try await work() }
        } catch {
            await lock.releaseAfterFault(hosts, closing: [RunEnd(run: run.id, result: "failed", time: clock())])
            throw error
        }
        await lock.release(hosts, closing: [RunEnd(run: run.id, result: "ok", time: clock())])
        return value
    }
}
