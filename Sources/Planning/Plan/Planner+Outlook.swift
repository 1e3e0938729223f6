import Inventory

extension Planner {
    /// What a host is going to be changed in, as far as it can be told before yum is asked. Whatever cannot be planned is told
    /// by ``plan()``.
    package func outlook(_ host: Host) -> [Step] {
        guard let facts = facts[host.name], let resources = resources[host.name] else { return [] }
        let context = PlanContext(
            cluster: cluster, host: host,
            builds: Dictionary(uniqueKeysWithValues: products.map { ($0.name, $0.identity(for: facts.system)) }),
            secrets: secrets, programs: programs)
        var steps = (missingPackages()[host.name] ?? []).map { name in
            Step.change(Change("package_install", [name], resource: "package \(name)", summary: "install \(name)"))
        }
        for resource in resources.all where !(resource is PackageResource) {
            steps += (try? resource.steps(facts: facts, earlier: steps, context: context)) ?? []
        }
        return steps
    }
}
