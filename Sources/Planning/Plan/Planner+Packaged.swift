import Errors
import Inventory

extension Planner {
    /// A package that is older than it has to be is refused before anything is touched, whether it is installed or would be.
    func refuseOld(_ host: Host) throws(Failure) {
        guard let facts = facts[host.name] else { return }
        let platform = platform(of: host.name)
        let manager = platform.packageManager
        for choice in cluster.packagedPrograms {
            let name = platform.packaged(choice).name
            let installed = facts.packages[name].flatMap { $0.isEmpty ? nil : $0 }
            let candidate = transactions[host.name]?.installs.first { manager.isPackage($0, named: name) }
            guard let package = installed ?? candidate, let text = manager.version(of: package),
                let version = Version(text), let least = Version(choice.version), version < least
            else { continue }
            throw Failure(
                .preflight, host: host.name, step: "\(choice.name).version",
                summary: "\(platform.name) \(installed == nil ? "would bring" : "has") \(package), "
                    + "and \(choice.name) has to be \(least) or later",
                remedy: choice.remedyForAnOldPackage)
        }
    }
}

extension ProgramChoice {
    fileprivate var remedyForAnOldPackage: String {
        let compile = "compile one: take `from: package` out of `\(name)` and write the `version` of a tarball"
        return name == HAProxy.program
            ? "Give the host a newer one, or \(compile)."
            : "Where an older one will do, 1.3 at least, write `version: 1.3` beside `from: package`; or \(compile)."
    }
}
