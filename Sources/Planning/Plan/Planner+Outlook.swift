import Errors
import Inventory

/// What a host is going to be changed in, as far as it can be told before its package manager is asked.
package struct Outlook: Sendable {
    package var steps: [Step] = []
    /// What cannot be planned.
    package var faults: [Failure] = []

    /// In words, for people who look and change nothing.
    package var drift: [String] {
        steps.flatMap { $0.change?.drift ?? [] } + faults.map { "\($0.step): \($0.summary)" }
    }
}

extension Planner {
    /// Made without a question to the host.
    ///
    /// - Parameter withBuilds: with what has to be there for compiling.
    package func outlook(_ host: Host, withBuilds: Bool = true) -> Outlook {
        guard let facts = facts[host.name], let resources = resources[host.name] else { return Outlook() }
        let context = context(host, facts, packages: .assumed)
        var outlook = Outlook()
        let compilers = !withBuilds ? [] : neededBuilds().filter { $0.host == host.name }.flatMap(buildPackages)
        for resource in [PackageResource(names: compilers)] + resources.all {
            do throws(Failure) {
                outlook.steps += try resource.steps(facts: facts, earlier: outlook.steps, context: context)
            } catch {
                outlook.faults.append(error)
            }
        }
        return outlook
    }
}
