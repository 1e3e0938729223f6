import CLinux

/// Which processes of a program serve. For HAProxy these are the master and its current workers; an old worker that only
/// finishes its connections after a reload does not count, whatever its name.
///
/// A reloaded master runs itself again with `-sf` and the numbers of its former workers (haproxy(1)), and they inherit the
/// arguments of the master that they were born of. A HAProxy that only tests a configuration does not count either.
struct ServingProcesses {
    /// A process and the arguments that it was started with.
    struct Candidate: Hashable {
        var entry: ProcessEntry
        var arguments: [String]
    }

    /// What is remembered of a master between two looks.
    private struct Generation: Hashable {
        var master: pid_t
        var arguments: [String]
    }

    /// Masters whose newest worker has been seen: from then on their former workers do not serve any more.
    private var complete: Set<Generation> = []

    /// - Returns: the processes that serve; empty where the service is down though some may be alive.
    mutating func select(_ candidates: [Candidate]) -> [ProcessEntry] {
        // What follows is about HAProxy's arguments; any other program serves where it is alive.
        guard let first = candidates.first, first.entry.name.hasPrefix("haproxy") else {
            return candidates.map { $0.entry }.filter { !$0.isDead }
        }
        let alive = candidates.filter { !$0.entry.isDead && !Self.isTool($0) }
        let old = Set(alive.flatMap { Self.former($0.arguments) })
        let numbers = Set(alive.map { $0.entry.id })
        let roots = alive.filter { !numbers.contains($0.entry.parent) && !old.contains($0.entry.id) }
        var serving: [ProcessEntry] = []
        var generations: Set<Generation> = []
        for root in roots {
            guard Self.isMaster(root.arguments) else {
                serving.append(root.entry)
                serving += alive.map { $0.entry }.filter { $0.parent == root.entry.id && !old.contains($0.id) }
                continue
            }
            let generation = Generation(master: root.entry.id, arguments: root.arguments)
            let children = alive.map { $0.entry }.filter { $0.parent == root.entry.id }
            let current = children.filter { !old.contains($0.id) }
            if !current.isEmpty || complete.contains(generation) { generations.insert(generation) }
            // Until the new worker is there, the former ones go on serving.
            let workers = generations.contains(generation) ? current : children
            if !workers.isEmpty { serving += [root.entry] + workers }
        }
        complete = generations
        return serving
    }

    /// The numbers behind `-sf` and `-st`.
    private static func former(_ arguments: [String]) -> [pid_t] {
        var numbers: [pid_t] = []
        var isListing = false
        for argument in arguments.dropFirst() {
            if argument == "-sf" || argument == "-st" {
                isListing = true
            } else if isListing, let number = pid_t(argument) {
                numbers.append(number)
            } else {
                isListing = false
            }
        }
        return numbers
    }

    /// `-c`, `-v` and `-vv` only look at a configuration or at the program itself: units do so before a start and a reload.
    private static func isTool(_ candidate: Candidate) -> Bool {
        candidate.arguments.dropFirst().contains { $0 == "-c" || $0 == "-v" || $0 == "-vv" }
    }

    /// `-W` and `-Ws`: the process itself serves nobody, its workers do.
    private static func isMaster(_ arguments: [String]) -> Bool {
        arguments.dropFirst().contains { $0 == "-W" || $0 == "-Ws" }
    }
}
