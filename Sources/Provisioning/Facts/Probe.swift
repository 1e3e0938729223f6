import HostShell
import Inventory
import SSH

/// One question to a host: a probe function of `HostScripts/probe.sh` and its arguments.
public struct ProbeQuery: Sendable, Hashable {
    package var function: String
    package var arguments: [String]

    package init(_ function: String, _ arguments: String...) {
        self.function = function
        self.arguments = arguments
    }

    /// A file's state, and its content too where a diff may have to be shown.
    public static func file(_ path: String, content: Bool = false) -> ProbeQuery {
        ProbeQuery("probe_file", path, content ? "content" : "state")
    }
}

/// The script that answers every query at once.
public enum Probe {
    /// - Parameter owned: paths of which it matters whether an RPM owns them.
    public static func script(_ queries: [ProbeQuery], packages: [String] = [], owned: [String] = []) -> RemoteScript {
        var seen = Set<ProbeQuery>()
        var lines = ["probe_host", "probe_journal"]
        for query in queries where seen.insert(query).inserted {
            lines.append(Shell.join([query.function] + query.arguments))
        }
        if !packages.isEmpty { lines.append(Shell.join(["probe_packages"] + Set(packages).sorted())) }
        if !owned.isEmpty { lines.append(Shell.join(["probe_owners"] + Set(owned).sorted())) }
        return RemoteScript(ShellLibrary.host.script(lines.joined(separator: "\n") + "\nhp_say end"))
    }
}

extension Probe {
    /// The script that hears who else speaks VRRP on a NIC.
    ///
    /// - Parameter program: haprov-vrrpd, where it is at hand.
    static func listening(on interface: String, seconds: Int, program: StaticProgram?) -> RemoteScript {
        RemoteScript(
            ShellLibrary.host.script(calls: [
                ["listen", interface, "\(seconds)", "\(program?.size ?? 0)"], ["hp_say", "end"],
            ]),
            payload: program.map { [.file(path: $0.path, size: $0.size)] } ?? [])
    }
}

extension ShellLibrary {
    /// The host-side functions, carried inside the program.
    package static let host = ShellLibrary([
        base, PackageResources.journal_sh, PackageResources.file_sh, PackageResources.user_sh,
        PackageResources.service_sh, PackageResources.sysctl_sh, PackageResources.firewall_sh,
        PackageResources.package_sh, PackageResources.archive_sh, PackageResources.health_sh,
        PackageResources.build_sh, PackageResources.probe_sh, PackageResources.wire_sh, PackageResources.running_sh,
        PackageResources.listen_sh,
    ])
}
