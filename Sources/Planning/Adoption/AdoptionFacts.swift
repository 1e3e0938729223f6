import HostShell
import Inventory

/// What is asked of a host that somebody has set up by hand, beside what every host is asked.
package struct AdoptionFacts: Fact {
    /// The lines by which programs say what they are, by name.
    package var versions: [String: String] = [:]
    /// Units that can be told to read their configuration again.
    package var reloading: Set<String> = []

    package init() {}

    package static let words: Set = ["foundversion", "foundreload"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "foundversion": versions[record[1]] = record[2]
        default: if record.flag(2) { reloading.insert(record[1]) }
        }
    }
}

extension Facts {
    /// The version of a program that runs, such as `2.6.12`; nil where it does not tell.
    func version(of program: String) -> String? {
        self[AdoptionFacts.self].versions[program]?.firstMatch(of: /[0-9]+(\.[0-9]+)+/).map { String($0.output.0) }
    }

    func reloads(_ unit: String) -> Bool { self[AdoptionFacts.self].reloading.contains(unit) }

    /// Of the processes of a program that serve, the eldest.
    func eldest(_ program: String) -> ProcessFact? {
        let all = processes.filter { $0.name == program && !$0.endsByItself }
        let ids = Set(all.map(\.id))
        return all.filter { !ids.contains($0.parent) }.min { $0.id < $1.id }
    }

    /// The files that HAProxy was given; folders among them as they are.
    var haproxyConfigurations: [String] { eldest(HAProxy.program)?.configurations ?? [] }
}

/// The questions of `haprov adopt`: each round follows from the answers of the one before.
package enum AdoptionQuestions {
    package static let rounds: [@Sendable (Facts) -> [ProbeQuery]] = [processes, configurations, namedFiles]

    /// What runs.
    private static func processes(_: Facts) -> [ProbeQuery] {
        [.processes(about: [])] + ([HAProxy.unit] + Engine.units).map { ProbeQuery("probe_unit", $0) }
    }

    /// What it is, and what it goes by.
    private static func configurations(_ facts: Facts) -> [ProbeQuery] {
        var queries = processes(facts)
        for program in [HAProxy.program] + Engine.all.map(\.program) {
            guard let process = facts.eldest(program) else { continue }
            queries += [
                ProbeQuery("probe_version", program, process.path), .owner(of: process.path),
                ProbeQuery("probe_reload", "\(program).service"),
            ]
            if !process.configuration.isEmpty { queries.append(.file(process.configuration, content: true)) }
        }
        for path in facts.haproxyConfigurations {
            queries.append(.file(path, content: true))
        }
        if let main = facts.haproxyConfigurations.first {
            queries.append(ProbeQuery("probe_tree", HAProxy.program, ProgramResource.folder(of: main)))
        }
        return queries + [ProbeQuery("probe_parts")]
    }

    /// What haproxy.cfg names.
    private static func namedFiles(_ facts: Facts) -> [ProbeQuery] {
        configurations(facts) + FoundConfiguration(facts).wanted.map { .file($0, content: true) }
    }
}
