extension Engine {
    /// keepalived, compiled from its tarball or of the distribution's package.
    package static let keepalived = Engine(
        name: "keepalived", program: "keepalived",
        choice: { $0.keepalivedProgram },
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
    /// The first version that has `keepalived -t`.
    package static let configurationTest = "2.0.4"

    /// Whether `keepalived -t` is there.
    package var hasConfigurationTest: Bool {
        guard let own = Version(version), let first = Version(Self.configurationTest) else { return false }
        return own >= first
    }
}
