/// VRRP's timers (RFC 3768 section 6.1, RFC 5798 section 6.1), from the settings of a virtual router.
public struct Takeover: Sendable, Equatable {
    /// VRRP version, 2 or 3.
    public var version: Int
    /// Milliseconds between the master's advertisements.
    public var interval: Int

    /// From its parts.
    public init(version: Int, interval: Int) {
        self.version = version
        self.interval = interval
    }

    /// How long a backup of this priority waits when the master resigns, in milliseconds: (256 − priority) / 256 of a second
    /// with version 2, of the master's interval with version 3.
    public func skew(priority: Int) -> Double {
        Double(256 - priority) * (version == 2 ? 1000 : Double(interval)) / 256
    }

    /// How long after the last advertisement a backup takes a silent master for dead, in milliseconds.
    public func masterDown(priority: Int) -> Double { 3 * Double(interval) + skew(priority: priority) }
}

extension HealthCheck {
    /// Milliseconds between two looks at HAProxy; a single failure gives the VIP up.
    public var interval: Int { 2000 }
}

extension Cluster {
    /// VRRP's timers with this cluster's settings.
    public var takeover: Takeover { Takeover(version: vip.version, interval: vip.advertisementInterval) }

    /// Milliseconds, at worst, from HAProxy's death until its balancer looks at it: a check may just have passed. haprov-vrrpd
    /// does not run a check that asks for a process alone: it learns of the process's death from the kernel.
    public var worstDetection: Int {
        engine == .vrrpd && healthCheck == .process ? 0 : healthCheck.interval
    }

    /// Milliseconds, at worst, from HAProxy's death on the master until the next balancer takes the VIP: the master learns of
    /// it and resigns.
    public var worstTakeoverAfterHAProxyDeath: Int {
        worst { Double(worstDetection) + takeover.skew(priority: $0) }
    }

    /// Milliseconds, at worst, until the next balancer takes the VIP from a master that resigns.
    public var worstTakeoverAfterResignation: Int { worst(takeover.skew) }

    /// Milliseconds, at worst, from the master's own death until the next balancer takes the VIP.
    public var worstTakeoverAfterHostDeath: Int { worst(takeover.masterDown) }

    /// Milliseconds for which nobody holds the VIP when it returns to a higher priority, for about so long. keepalived before
    /// 2.0 announces that it is master, so that the other gives the VIP up, and takes it two advertisements later; no setting
    /// of its changes that.
    public var returnWithoutHolder: Int {
        guard vip.preempt, engine == .keepalived, keepalived?.version.hasPrefix("1.") == true else { return 0 }
        return 2 * vip.advertisementInterval
    }

    /// The next balancer is the second; the last of them decides where others are down too.
    private func worst(_ time: (Int) -> Double) -> Int {
        Int((balancers.compactMap(\.role.priority).min().map(time) ?? 0).rounded(.up))
    }
}
