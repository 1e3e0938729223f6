import ArgumentParser
import Errors

/// One command on several clusters, so many at a time, each with an end of its own.
struct ClustersRun<Prepared: Sendable>: Sendable {
    var command: String
    var options: ClustersOptions
    /// Reads and checks all that can be without a host.
    var prepare: @Sendable (_ inventory: String, _ console: Console) throws -> Prepared
    var work: @Sendable (_ prepared: Prepared, _ console: Console, _ interrupt: Interrupt) async throws -> Outcome

    func run() async throws {
        try await Runner.run(command, options.workspace.output) { console, interrupt in
            let inventories = try options.inventories.map { path throws(Failure) in try ListedInventory(path) }
            try ClusterConflicts.refuse(inventories)
            let chosen = options.shard?.members(of: inventories, by: \.path) ?? inventories
            let results = await results(of: chosen, console, interrupt)
            var outcome = results.outcome(of: command, interrupted: interrupt.isPressed)
            outcome.fields["shard"] = options.shard.map { .text("\($0)") }
            if let shard = options.shard, chosen.isEmpty {
                console.say("Nothing to do: of \(Layout.count(inventories.count, "cluster")), shard \(shard) has none.")
            } else {
                console.show(results)
            }
            return outcome
        }
    }

    /// In the order of the inventories.
    private func results(
        of inventories: [ListedInventory], _ console: Console, _ interrupt: Interrupt
    ) async -> [ClusterResult] {
        var results = inventories.map { ClusterResult(inventory: $0.path, cluster: $0.cluster?.name) }
        var waiting: [(place: Int, job: Job)] = []
        for (place, inventory) in inventories.enumerated() {
            let own = Console(of: inventory.cluster?.name, among: console, isAlone: options.width == 1)
            do {
                let prepared = try prepare(inventory.path, own)
                waiting.append((place, Job(result: results[place], console: own, prepared: prepared)))
            } catch {
                results[place].outcome = Outcome(.failure(error), shownOn: own, interrupted: interrupt.isPressed)
                own.emit(results[place].json(of: command))
            }
        }
        var isOver = results.contains(where: \.isFailure) && !options.keepGoing
        var atWork = 0
        await withTaskGroup(of: (Int, ClusterResult).self) { group in
            while true {
                while atWork < options.width, !isOver, !interrupt.isPressed, !waiting.isEmpty {
                    let (place, job) = waiting.removeFirst()
                    group.addTask { (place, await result(of: job, interrupt)) }
                    atWork += 1
                }
                guard let (place, result) = await group.next() else { break }
                atWork -= 1
                results[place] = result
                isOver = isOver || (result.isFailure && !options.keepGoing)
            }
        }
        return results
    }

    /// A cluster that can be begun.
    private struct Job: Sendable {
        var result: ClusterResult
        var console: Console
        var prepared: Prepared
    }

    private func result(of job: Job, _ interrupt: Interrupt) async -> ClusterResult {
        let own = Interrupt()
        // Not the group's: the first Ctrl-C ends that one, and what is critical goes on.
        let task = Task { try await work(job.prepared, job.console, own) }
        own.setCancel { task.cancel() }
        interrupt.passOn(to: own, by: job.console)
        let start = ContinuousClock.now
        let ended = await task.result
        job.console.endProgress()
        var result = job.result
        result.outcome = Outcome(ended, shownOn: job.console, interrupted: own.isPressed)
        result.seconds = start.secondsSince
        job.console.emit(result.json(of: command))
        return result
    }
}
