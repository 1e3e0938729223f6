/// A moment of a run, what ends there, and what is done about it.
struct CrashPoint: Hashable, CustomStringConvertible {
    enum Run: String, CaseIterable {
        case apply, rollback
    }

    /// In the life of a change: before the journal says that it is saved, started or being undone; in the midst of it; before
    /// the journal says that it is through; after that.
    enum Moment: String, CaseIterable {
        case saving, starting, during, finishing, finished

        /// The last word of a change's state while this moment is there; nil for moments between words.
        func word(in run: Run) -> String? {
            switch (run, self) {
            case (_, .during), (_, .finished), (.rollback, .saving): nil
            case (.apply, .saving): ""
            case (.apply, .starting): "saved"
            case (.apply, .finishing): "started"
            case (.rollback, .starting): "done"
            case (.rollback, .finishing): "undoing"
            }
        }
    }

    enum Victim: String, CaseIterable {
        /// haprov, by SIGKILL.
        case controller
        /// All processes of the script that haprov runs on the host, likewise.
        case script
        /// The host's power: what was not flushed is lost. It boots again at once.
        case power
    }

    enum Sequel: String, CaseIterable {
        case completed, takenBack
    }

    var engine: String
    var run: Run
    var host: String
    /// A change's number in the journal.
    var number: String
    /// Its function.
    var change: String
    var moment: Moment
    var victim: Victim
    var sequel: Sequel

    var description: String {
        "\(engine) \(run) \(change) \(host) \(number) \(moment) \(victim) \(sequel)"
    }
}

/// What a host's journal showed while a run went its way undisturbed.
struct JournalTrace {
    /// The changes' functions by number.
    var changes: [String: String] = [:]
    /// How often files were opened while a change was made, or undone.
    var opens: [String: Int] = [:]
}

extension CrashPoint {
    /// Every point of a run: for each kind of change one that stands for it, on one host after the other.
    static func all(engine: String, run: Run, traces: [String: JournalTrace]) -> [CrashPoint] {
        let hosts = traces.keys.sorted()
        let functions = Set(traces.values.flatMap(\.changes.values)).sorted()
        var points: [CrashPoint] = []
        for (index, function) in functions.enumerated() {
            let having = hosts.filter { traces[$0]?.changes.values.contains(function) ?? false }
            let host = having[index % having.count]
            let numbers = traces[host]?.changes.filter { $0.value == function }.keys.sorted() ?? []
            guard let number = numbers.first else { continue }
            for moment in Moment.allCases where run == .apply || moment != .saving {
                for victim in Victim.allCases {
                    points += Sequel.allCases.map {
                        CrashPoint(
                            engine: engine, run: run, host: host, number: number, change: function, moment: moment,
                            victim: victim, sequel: $0)
                    }
                }
            }
        }
        return points
    }
}
