import Inventory

extension HostPlan {
    /// Whether HAProxy restarts in the rollout, by a change or by the undo of one.
    package var restartsHAProxy: Bool {
        rollout.contains { step in
            if case .undo(let undo) = step, undo.marksOnly { return false }
            return step.unitChange?.verb == .restart && step.unitChange?.unit == HAProxy.unit
        }
    }
}

extension Plan {
    /// Whether a balancer may give its VIPs away before HAProxy restarts: its engine reads its files when it comes back, and where
    /// they speak VRRP differently, that has to be on all balancers at the same moment.
    package var allowsSteppingAside: Bool { hosts.allSatisfy(\.together.isEmpty) }
}
