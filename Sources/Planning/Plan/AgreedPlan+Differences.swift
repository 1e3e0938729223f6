/// Where a plan is another than the one that was agreed to.
package struct PlanDifference: Sendable, Equatable {
    /// Nil for what concerns all.
    package var host: String?
    package var text: String

    package init(host: String? = nil, text: String) {
        self.host = host
        self.text = text
    }
}

extension AgreedPlan {
    /// What is another in this plan than in the one that was agreed to; nothing where this one is exactly that.
    package func differences(from agreed: AgreedPlan) -> [PlanDifference] {
        var found: [PlanDifference] = []
        if cluster != agreed.cluster {
            found.append(PlanDifference(text: "the cluster is \(cluster), and was \(agreed.cluster)"))
        }
        for build in builds where !agreed.builds.contains(build) {
            found.append(PlanDifference(host: build.host, text: "`\(build.summary)` is new"))
        }
        for build in agreed.builds where !builds.contains(build) {
            found.append(PlanDifference(host: build.host, text: "`\(build.summary)` is no longer due"))
        }
        for name in Set(hosts.keys).union(agreed.hosts.keys).sorted() {
            let texts = (hosts[name] ?? Host(steps: [])).differences(from: agreed.hosts[name] ?? Host(steps: []))
            found += texts.map { PlanDifference(host: name, text: $0) }
        }
        return found
    }
}

extension AgreedPlan.Host {
    fileprivate func differences(from agreed: AgreedPlan.Host) -> [String] {
        var texts: [String] = []
        for step in steps where !agreed.steps.contains(step) {
            let isAnother = agreed.steps.contains { $0.isAbout(step) }
            texts.append("`\(step.summary)` is \(isAnother ? "another" : "new")")
        }
        for step in agreed.steps where !steps.contains(where: { $0.isAbout(step) }) {
            texts.append("`\(step.summary)` is no longer due")
        }
        if texts.isEmpty, steps != agreed.steps { texts.append("its steps come in another order") }
        return texts + packageDifferences(from: agreed)
    }

    private func packageDifferences(from agreed: AgreedPlan.Host) -> [String] {
        let lists: [(String, (PackageTransaction) -> [String])] = [
            ("install", \.installs), ("upgrade", \.upgrades), ("remove", \.removals),
        ]
        return lists.compactMap { verb, list in
            let (new, old) = (Set(packages.map(list) ?? []), Set(agreed.packages.map(list) ?? []))
            let (more, less) = (new.subtracting(old).sorted(), old.subtracting(new).sorted())
            guard !more.isEmpty || !less.isEmpty else { return nil }
            let added = more.isEmpty ? [] : ["\(verb) \(more.joined(separator: ", ")) too"]
            let left = less.isEmpty ? [] : ["not \(verb) \(less.joined(separator: ", "))"]
            return "its package manager would \((added + left).joined(separator: " and ")) by now"
        }
    }
}

extension AgreedPlan.Step {
    /// Whether both do the same kind of thing to the same.
    fileprivate func isAbout(_ other: AgreedPlan.Step) -> Bool {
        phase == other.phase && resource == other.resource && call.first == other.call.first
            && (!resource.isEmpty || call == other.call)
    }
}
