extension ScriptDefinition {
    /// `vrrp_script`.
    static let keywords: [String: Keyword<ScriptDefinition>] = [
        "script": .setting { reader, statement, target in
            target.command = reader.command(statement.arguments, of: statement.keyword)
        },
        "interval": .setting { reader, statement, target in
            target.interval = reader.seconds(statement, .milliseconds(1)...(.seconds(86400)))
        },
        "timeout": .setting { reader, statement, target in
            target.timeout = reader.seconds(statement, .milliseconds(1)...(.seconds(86400)))
        },
        "rise": .setting { reader, statement, target in target.rise = reader.integer(statement, 1...100_000) },
        "fall": .setting { reader, statement, target in target.fall = reader.integer(statement, 1...100_000) },
        "weight": .setting { reader, statement, target in
            (target.weight, target.isReversed) = reader.weight(statement.arguments, of: statement.keyword)
        },
        "user": .setting { reader, statement, target in
            target.user = reader.user(statement.arguments, of: statement.keyword)
        },
        "init_fail": .flag(\.startsDown),
    ]
}

extension ProcessDefinition {
    /// `vrrp_track_process`.
    static let keywords: [String: Keyword<ProcessDefinition>] = [
        "process": .setting { reader, statement, target in
            target.command = reader.command(statement.arguments, of: statement.keyword)
        },
        "full_command": .refused("processes are told by their names; remove it"),
        "weight": .setting { reader, statement, target in
            (target.weight, target.isReversed) = reader.weight(statement.arguments, of: statement.keyword)
        },
        "quorum": .setting { reader, statement, target in target.quorum = reader.integer(statement, 1...65535) },
        "quorum_max": .setting { reader, statement, target in target.maximum = reader.integer(statement, 0...65535) },
        "terminate_delay": .setting { reader, statement, target in
            target.terminateDelay = reader.seconds(statement, .zero...(.seconds(3600)))
        },
        "fork_delay": .setting { reader, statement, target in
            target.forkDelay = reader.seconds(statement, .zero...(.seconds(3600)))
        },
        "delay": .setting { reader, statement, target in
            let delay = reader.seconds(statement, .zero...(.seconds(3600)))
            (target.terminateDelay, target.forkDelay) = (delay, delay)
        },
        "param_match": .refused("processes are told by their names; remove it"),
    ]
}

extension Interpreter {
    /// `N [reverse]`.
    mutating func weight(_ words: ArraySlice<Word>, of keyword: Word) -> (Int?, Bool) {
        guard let first = words.first else {
            error(keyword, "`weight` takes a whole number from -253 to 253")
            return (nil, false)
        }
        let weight = integer(first, -253...253, what: "`weight`")
        let rest = words.dropFirst()
        if let word = rest.first, word.text != "reverse" || rest.count > 1 {
            error(word, "behind a weight only `reverse` may stand, not `\(word.text)`")
        }
        return (weight, rest.first?.text == "reverse")
    }

    /// Lines of `track_script` and its kind.
    mutating func references(_ statement: Statement) -> [TrackReference] {
        block(statement).map { line in
            var reference = TrackReference(name: line.keyword.text)
            if let word = line.arguments.first {
                if word.text == "weight" {
                    (reference.weight, reference.isReversed) = weight(line.arguments.dropFirst(), of: word)
                } else {
                    error(word, "behind a name only `weight N` may stand, not `\(word.text)`")
                }
            }
            return reference
        }
    }
}

extension NotifyDefinitions {
    /// `notify` and its kind.
    static func keywords<Target>(
        _ path: WritableKeyPath<Target, NotifyDefinitions> & Sendable
    ) -> [String: Keyword<Target>] {
        func command(_ field: WritableKeyPath<NotifyDefinitions, Command?> & Sendable) -> Keyword<Target> {
            .setting { reader, statement, target in
                guard let first = statement.arguments.first else {
                    return reader.error(statement.keyword, "`\(statement.keyword.text)` needs a command")
                }
                // In quotes the whole command, and its user behind it; without quotes all is the command.
                var words = statement.arguments
                var user: ScriptUser?
                if first.isQuoted {
                    words = words.prefix(1)
                    let rest = statement.arguments.dropFirst()
                    if !rest.isEmpty { user = reader.user(rest, of: statement.keyword) }
                }
                let split = reader.command(words, of: statement.keyword)
                if !split.isEmpty { target[keyPath: path][keyPath: field] = Command(words: split, user: user) }
            }
        }
        return [
            "notify": command(\.any), "notify_master": command(\.master), "notify_backup": command(\.backup),
            "notify_fault": command(\.fault), "notify_stop": command(\.stop),
        ]
    }
}
