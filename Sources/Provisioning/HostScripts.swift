import HostShell
import Planning
import SSH

extension ShellLibrary {
    /// The host-side functions, carried inside the program.
    package static let host = ShellLibrary(
        [base] + HostLooks.scripts + [Platforms.all.script] + ResourceKinds.scripts
            + [
                PackageResources.journal_sh, PackageResources.fold_sh, PackageResources.job_sh,
                PackageResources.build_sh, PackageResources.bring_sh, PackageResources.listen_sh,
                PackageResources.servers_sh, PackageResources.live_sh, PackageResources.trial_sh,
                PackageResources.move_sh,
                PackageResources.maintenance_sh, PackageResources.logs_sh,
            ])

    /// The functions of moves, which drills move VIPs by too.
    package static let moves = PackageResources.move_sh

    /// What a run leaves in its journal, to be undone by.
    static let undoing = host.supplement(of: ResourceKinds.undoFunctions)
}

extension Probe {
    /// The script that answers every query at once.
    ///
    /// - Parameter clock: whether the host tells its time too.
    package static func script(_ queries: [ProbeQuery], clock: Bool = false) -> RemoteScript {
        RemoteScript(ShellLibrary.host.script(calls: calls(queries, clock: clock)))
    }

    /// The script that hears who else speaks VRRP on a NIC.
    ///
    /// - Parameter program: haprov-vrrpd, where it is at hand.
    static func listening(on interface: String, seconds: Int, program: StaticProgram?) -> RemoteScript {
        RemoteScript(
            ShellLibrary.host.script(calls: [
                ["listen", interface, "\(seconds)", "\(program?.size ?? 0)"], ["hp_say", "end"],
            ]),
            payload: program.map { [$0.payload] } ?? [])
    }
}
