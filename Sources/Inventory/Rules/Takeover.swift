import VRRP

extension HealthCheck {
    /// Milliseconds between two looks at HAProxy; a single failure gives the VIP up.
    package var interval: Int { 2000 }

    /// Milliseconds that HAProxy has for an answer. A loop of its events that takes longer serves nobody.
    package var patience: Int { self == .answer ? 2000 : 0 }

    /// Milliseconds, at worst, from HAProxy's end, or from where it hangs as far as that is seen, until the VIP is given up.
    package var slowestDetection: Int { interval + patience }

    /// Above the ports that kernels choose from (ip_local_port_range), so that no connection has it by chance.
    package static let usualPort = 61112
}

extension VRRPInstance {
    /// How long a backup of this priority waits when the master resigns.
    package func skewTime(priority: UInt8) -> Duration {
        version.skewTime(priority: priority, masterInterval: advertisementInterval)
    }

    /// How long after the last advertisement a backup of this priority takes a silent master for dead.
    package func masterDownInterval(priority: UInt8) -> Duration {
        version.masterDownInterval(priority: priority, masterInterval: advertisementInterval)
    }

    /// Milliseconds, at worst, until the next balancer takes over from a master that resigns.
    package var worstTakeoverAfterResignation: Int { worst(skewTime) }

    /// Milliseconds, at worst, from the master's own death until the next balancer takes over.
    package var worstTakeoverAfterHostDeath: Int { worst(masterDownInterval) }

    /// The next balancer is the second; the last of them decides where others are down too.
    private func worst(_ time: (UInt8) -> Duration) -> Int {
        members.map(\.priority).min().map(time)?.begunMilliseconds ?? 0
    }
}

extension Cluster {
    /// Milliseconds, at worst, from HAProxy's death until its balancer looks at it: a check may just have passed.
    package var worstDetection: Int { engine.detection(healthCheck) }

    /// Milliseconds for which nobody holds an instance's addresses when they return to a higher priority, for about so long.
    package func returnWithoutHolder(of instance: VRRPInstance) -> Int { engine.returnWithoutHolder(instance, self) }

    /// Whether the engine refuses a configuration by itself before it is to go by it.
    package var engineTestsConfiguration: Bool { engine.testsConfiguration(self) }
}

extension Duration {
    /// Milliseconds, what is left of one cut off.
    package var wholeMilliseconds: Int { Int(wholeNanoseconds / 1_000_000) }

    /// Milliseconds, one that has begun counted whole.
    package var begunMilliseconds: Int { Int((wholeNanoseconds + 999_999) / 1_000_000) }
}
