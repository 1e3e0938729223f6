import Planning

/// A run that was interrupted or failed, and that nothing has completed or taken back since.
package struct UnfinishedRun: Sendable {
    package var run: RecordedRun
    package var id: String { run.id }

    /// The newest run that changed anything decides: one that came to a good end has looked after what was left before it.
    ///
    /// - Parameter history: newest first.
    package init?(_ history: [RecordedRun]) {
        let isApply: (RecordedRun) -> Bool = { $0.command == "apply" && $0.isStanding }
        guard history.contains(where: isApply),
            let newest = history.first(where: { isApply($0) || $0.command == "rollback" }),
            ["interrupted", "failed"].contains(newest.result)
        else { return nil }
        run = newest
    }

    /// Whether it did not come to its end; else it did, and failed.
    package var isInterrupted: Bool { run.result == "interrupted" }

    /// Why another may not go on with it without being asked; nil where he may: with what failed under his own hands, which he
    /// mends so, and with what of his was interrupted, where it is made from the same.
    package func objection(to other: RunIdentity) -> String? {
        let fact = run.fact
        guard fact.operatorName == other.operatorName else { return "you are \(other.operatorName)" }
        guard isInterrupted, fact.command == "apply" else { return nil }
        guard !fact.wanted.isEmpty else {
            return "an earlier haprov began it, which did not note from what inventory"
        }
        return fact.wanted == other.wanted
            ? nil : "the inventory, a playbook or a tarball has changed since it was begun"
    }
}

extension RecordedRun {
    /// What was under way when it ended, or what it failed at, by host. A host ends what it has begun also where haprov is dead:
    /// where all have by now, what was begun last.
    ///
    /// - Parameter facts: with the run's entries: see ``Rollbacker/record(of:)``.
    package func lastSteps(_ facts: [String: Facts]) -> [(host: String, entry: EntryFact)] {
        let open = hosts.keys.sorted().compactMap { host in
            facts[host]?.entries[id]?.last { ["started", "failed", "undoing"].contains($0.state) }.map { (host, $0) }
        }
        guard open.isEmpty else { return open }
        let begun = hosts.keys.sorted().flatMap { host in
            (facts[host]?.entries[id] ?? []).filter { $0.began != nil }.map { (host, $0) }
        }
        return begun.max { ($0.1.began ?? 0, $0.1.number) < ($1.1.began ?? 0, $1.1.number) }.map { [$0] } ?? []
    }
}
