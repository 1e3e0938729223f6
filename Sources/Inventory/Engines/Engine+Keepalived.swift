extension Engine {
    /// keepalived, compiled from its tarball.
    package static let keepalived = Engine(
        name: "keepalived", program: "keepalived",
        product: { cluster in
            cluster.keepalived.map { CompiledProduct(name: "keepalived", version: $0.version, prefix: $0.prefix) }
        },
        testsConfiguration: { $0.keepalived?.hasConfigurationTest == true },
        // Its service kills the main process alone (KillMode=process).
        leavesChildren: true, hasOtherUses: true,
        endsByItself: { $0.contains("-t") || $0.contains("--config-test") }, detection: { $0.interval },
        // Before 2.0 it announces that it is master, so that the other gives the addresses up, and takes them two
        // advertisements later; no setting of its changes that.
        returnWithoutHolder: { instance, cluster in
            guard instance.preempt, cluster.keepalived?.version.hasPrefix("1.") == true else { return 0 }
            return 2 * instance.advertisementInterval.wholeMilliseconds
        })
}

extension Keepalived {
    /// Whether `keepalived -t` is there: from 2.0.4 on.
    package var hasConfigurationTest: Bool {
        guard let own = Version(version), let first = Version("2.0.4") else { return false }
        return own >= first
    }
}
