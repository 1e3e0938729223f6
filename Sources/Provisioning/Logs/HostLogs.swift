import HostShell
import Inventory
import SSH

/// What hosts' journals say of HAProxy, VRRP and haprov.
package enum HostLogs {
    /// - Parameters:
    ///   - since: as systemd.time(7) has it: `-10min`, `@1700000000`, `2026-01-31 12:00`.
    ///   - following: whether the script goes on with what is yet to come, until its connection ends.
    package static func script(of cluster: Cluster, since: String, following: Bool) -> RemoteScript {
        RemoteScript(
            ShellLibrary.host.script(calls: [
                ["host_logs", since, following ? "yes" : "no", HAProxy.unit, cluster.engine.unit]
            ]))
    }
}
