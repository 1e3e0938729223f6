import HostShell
import SSH

/// The scripts that run on hosts, each with its values put in front as quoted assignments.
enum HostScript {
    /// Where a drill leaves its marks on a host; all of it is gone after a reboot.
    struct Places: Sendable {
        /// Root's own directory: the hold-down marker, the way back.
        var run = "/run/haprov"
        /// systemd's run-time units.
        var units = "/run/systemd/system"

        /// The kernel's processes.
        var proc = "/proc"

        var values: [(String, String)] { [("run", run), ("units", units)] }
    }

    static func survey(
        vip: String, interface: String, engine: String, haproxy: String, configuration: String, peers: [String],
        diagnose: Bool,
        places: Places = Places()
    ) -> String {
        let values = [
            ("vip", vip), ("interface", interface), ("engine", engine), ("haproxy", haproxy), ("config", configuration),
            ("peers", peers.joined(separator: " ")), ("diagnose", diagnose ? "yes" : "no"),
        ]
        return text(
            PackageResources.holding_sh + PackageResources.survey_sh, values + places.values + [("proc", places.proc)])
    }

    static func watch(vip: String, seconds: Int) -> String {
        text(PackageResources.holding_sh + PackageResources.watch_vip_sh, [("vip", vip), ("seconds", String(seconds))])
    }

    static func arm(seconds: Int, owner: String, places: Places = Places()) -> String {
        let oneLine = owner.replacing("\n", with: " ")
        let values = [
            ("seconds", String(seconds)), ("owner", oneLine), ("way_back", wayBack(disarm: true, places: places)),
        ]
        return text(PackageResources.arm_sh, places.values + values)
    }

    static func kill(hold: Bool, places: Places = Places()) -> String {
        text(PackageResources.kill_sh, places.values + [("proc", places.proc), ("hold", hold ? "yes" : "no")])
    }

    /// - Parameter disarm: whether the armed timer goes with it, as when the timer itself runs this.
    static func wayBack(disarm: Bool, places: Places = Places()) -> String {
        text(PackageResources.way_back_sh, places.values + [("disarm", disarm ? "yes" : "no")])
    }

    static func disarm(places: Places = Places()) -> String {
        text(PackageResources.disarm_sh, places.values)
    }

    /// - Parameters:
    ///   - arguments: the prober's own.
    ///   - inMemory: it must not come to a disk.
    static func probe(size: Int, arguments: [String], inMemory: Bool = false) -> String {
        let values = [("size", String(size)), ("memory", inMemory ? "yes" : "no")]
        return "set -- \(Shell.join(arguments))\n" + text(PackageResources.probe_sh, values)
    }

    static func probeControl(pipe: String, command: String) -> String {
        text(PackageResources.probe_control_sh, [("control", pipe), ("command", command)])
    }

    private static func text(_ script: [UInt8], _ values: [(String, String)]) -> String {
        values.map { "\($0.0)=\(Shell.quote($0.1))\n" }.joined() + String(decoding: script, as: UTF8.self)
    }
}
