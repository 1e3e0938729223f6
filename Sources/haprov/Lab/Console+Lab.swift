import Foundation
import Lab

extension Console {
    /// Tells what is being done to a lab.
    func tell(lab line: String) {
        say(line)
        emit(["type": "stage", "name": .text(line.trimmingCharacters(in: .whitespaces))])
    }

    /// Shows a lab as it is now.
    ///
    /// - Returns: what a summary says of it; it fails where a host is not as it was told to be.
    func show(_ status: LabStatus) -> Outcome {
        let width = status.hosts.map(\.name.count).max() ?? 0
        for host in status.hosts {
            let name = host.name.padding(toLength: width, withPad: " ", startingAt: 0)
            let power = host.off ? yellow("no power") : host.up ? green("up") : red("dead")
            let cable = host.cut ? yellow(", cable cut") : ""
            say(
                "  \(name)  \(host.address)  \(host.interface)  \(host.role.padding(toLength: 11, withPad: " ", startingAt: 0))  \(power)\(cable)"
            )
        }
        say("  controller \(status.controller), namespace \(status.namespace)")
        say("  inventory  \(status.inventory)")
        say("  assets     \(status.assets)")
        for (kind, folder) in [("rpms", status.rpms), ("debs", status.debs)] {
            if let folder { say("  \(kind)       \(folder)") }
        }
        return Outcome(code: status.ok ? .success : .failure, fields: JSONValue(encoding: status).fields)
    }
}
