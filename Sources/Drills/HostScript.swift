import HostShell
import Inventory
import Planning
import Provisioning

extension ShellLibrary {
    /// The drills' functions.
    static let drills = ShellLibrary(
        [base] + [ServiceResource.script].compactMap { $0 } + [
            moves, PackageResources.drill_sh, PackageResources.filters_sh, PackageResources.links_sh,
            PackageResources.survey_sh, PackageResources.watch_sh, PackageResources.prober_sh,
        ])
}

/// The scripts that drills run on hosts.
enum HostScript {
    /// How a balancer stands.
    ///
    /// - Parameter diagnose: look into firewalls, neighbours and logs as well.
    static func survey(_ host: Host, in cluster: Cluster, diagnose: Bool) -> String {
        // What a host is is not known here.
        var places: [ProgramPlace] = []
        for type in Platforms.all.known {
            let place = type.init().place(of: cluster.haproxyProgram)
            if !places.contains(place) { places.append(place) }
        }
        var calls = [
            ["survey_ground"], ["survey_unit", HAProxy.unit], ["survey_unit", cluster.engine.unit],
            ["survey_drills"], ["survey_processes", HAProxy.program, HAProxy.unit],
            ["survey_haproxy"]
                + places.flatMap { place in
                    [place.program, place.configuration, place.arguments(for: cluster.haproxy).joined(separator: " ")]
                },
        ]
        calls += cluster.instances.map { ["hp_say_holds", "\($0.representative)"] }
        if diagnose {
            calls += cluster.interfaces(of: host).map { ["survey_hardware", $0] }
            let peers = cluster.balancers.filter { $0.name != host.name }.map { "\($0.address)" }
            calls.append(["survey_path", host.interface, cluster.engine.unit] + peers)
        }
        return ShellLibrary.drills.script(calls: calls + [["hp_say", "end"]])
    }

    /// What a verification is the proof of.
    static func proof(of cluster: Cluster) -> String {
        var folders: [String] = []
        for type in Platforms.all.known {
            let folder = type.init().place(of: cluster.haproxyProgram).configurationFolder
            if !folders.contains(folder) { folders.append(folder) }
        }
        return call(["survey_proof", HAProxy.unit, cluster.engine.unit, Engine.configuration] + folders)
    }

    static func watch(_ vips: [String], seconds: Int) -> String {
        call(["watch_vips", vips.joined(separator: " "), String(seconds)])
    }

    /// Arms the host: after some seconds it runs the way back by itself.
    static func arm(_ fault: Fault, seconds: Int, owner: String) -> String {
        let oneLine = owner.replacing("\n", with: " ")
        let script = call(["drill_return", fault.target] + fault.wayBack)
        return call(["drill_arm", fault.target, String(seconds), oneLine, fault.subject, script])
    }

    /// Does the deed.
    static func commit(_ fault: Fault) -> String { call(fault.deed) }

    /// Undoes it; the armed timer stays.
    static func wayBack(_ fault: Fault) -> String { call(fault.wayBack) }

    static func disarm(_ fault: Fault) -> String { call(["drill_disarm", fault.target]) }

    /// - Parameters:
    ///   - arguments: the prober's own.
    ///   - authorities: the size of the file of authorities that follows the prober; nil where there is none.
    ///   - inMemory: it must not come to a disk.
    static func probe(size: Int, arguments: [String], authorities: Int? = nil, inMemory: Bool = false) -> String {
        call(["prober_run", String(size), inMemory ? "memory" : "disk", String(authorities ?? 0)] + arguments)
    }

    static func probeControl(pipe: String, command: String) -> String { call(["prober_tell", pipe, command]) }

    private static func call(_ words: [String]) -> String { ShellLibrary.drills.script(calls: [words]) }
}
