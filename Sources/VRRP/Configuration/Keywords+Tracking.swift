extension ScriptDefinition {
    /// `vrrp_script`.
    static let keywords: [String: Keyword<ScriptDefinition>] = [
        "script": .setting { reader, statement, target in
            guard let (words, rest) = reader.command(statement) else { return }
            target.command = words
            if !rest.isEmpty {
                reader.error(
                    statement.keyword,
                    "keepalived runs only the first word of `script`; put the whole command in quotes")
            } else if case .command = CheckCommand(words) {
                reader.checkPath(words[0], statement)
            }
        },
        "interval": .setting { reader, statement, target in target.interval = reader.time(statement) },
        "timeout": .setting { reader, statement, target in target.timeout = reader.time(statement) },
        "rise": .setting { reader, statement, target in target.rise = reader.integer(statement, 1...1_000_000) },
        "fall": .setting { reader, statement, target in target.fall = reader.integer(statement, 1...1_000_000) },
        "weight": .setting { reader, statement, target in
            (target.weight, target.isReversed) = reader.weight(statement.arguments, of: statement.keyword)
        },
        "user": .setting { reader, statement, target in
            target.user = reader.user(statement.arguments.map(\.text), of: statement.keyword)
        },
        "init_fail": .flag(\.startsDown),
    ]
}

extension ProcessDefinition {
    /// `vrrp_track_process`.
    static let keywords: [String: Keyword<ProcessDefinition>] = [
        "process": .once { reader, statement, target in
            guard reader.isLine(statement) else { return }
            guard let name = reader.argument(statement, "the name of a program, without arguments") else { return }
            if name.text.contains(where: \.isWhitespace) {
                reader.error(name, "processes are told by the program's name; leave its arguments out")
            }
            target.command = [name.text]
        },
        "weight": .once { reader, statement, target in
            guard reader.isLine(statement) else { return }
            (target.weight, target.isReversed) = reader.weight(statement.arguments, of: statement.keyword)
        },
        "quorum": .setting { reader, statement, target in target.quorum = reader.integer(statement, 1...65535) },
        "quorum_max": .setting { reader, statement, target in target.maximum = reader.integer(statement, 1...65535) },
        "terminate_delay": .setting { reader, statement, target in target.terminateDelay = reader.delay(statement) },
        "fork_delay": .setting { reader, statement, target in target.forkDelay = reader.delay(statement) },
        "delay": .setting { reader, statement, target in
            let delay = reader.delay(statement)
            (target.terminateDelay, target.forkDelay) = (delay, delay)
        },
        "full_command": .refused("processes are told by the program's name; remove it"),
        "param_match": .refused("processes are told by the program's name; remove it"),
    ]
}

extension Interpreter {
    /// The time of a `vrrp_script`.
    fileprivate mutating func time(_ statement: Statement) -> Duration? {
        let time = seconds(statement, .milliseconds(1)...(.seconds(4294)))
        if let time, time.wholeNanoseconds % 1_000_000_000 != 0, let word = statement.arguments.first {
            warn(word, "keepalived before 2.3.2 takes whole seconds here")
        }
        return time
    }

    fileprivate mutating func delay(_ statement: Statement) -> Duration? {
        seconds(statement, .microseconds(1)...(.seconds(3600)))
    }

    /// `N [reverse]`.
    mutating func weight(_ words: ArraySlice<Word>, of keyword: Word) -> (Int?, Bool) {
        guard let first = words.first else {
            error(keyword, "`weight` takes a whole number from -253 to 253")
            return (nil, false)
        }
        var weight: Int?
        if let value = Int(first.withoutLeadingBlanks), abs(value) == 254 {
            weight = value.signum() * 253
            warn(first, "`weight` is a whole number from -253 to 253; \(first.shown) counts as \(value.signum() * 253)")
        } else {
            weight = integer(first, -253...253, what: "`weight`")
        }
        let rest = words.dropFirst()
        if let word = rest.first, !["reverse", "noreverse"].contains(word.text) || rest.count > 1 {
            error(word, "behind a weight only `reverse` may stand, not `\(word.shown)`")
        }
        return (weight, rest.first?.text == "reverse")
    }

    /// Lines of `track_script` and its kind.
    mutating func references(_ statement: Statement, into known: inout [TrackReference]) {
        var names = Set(known.map(\.name))
        for line in lines(statement) {
            let name = line.keyword
            guard names.insert(name.text).inserted else {
                error(name, "`\(name.shown)` is tracked already; remove it here")
                continue
            }
            var reference = TrackReference(name: name.text)
            if let word = line.arguments.first {
                if word.text == "weight" {
                    (reference.weight, reference.isReversed) = weight(line.arguments.dropFirst(), of: word)
                } else {
                    error(word, "behind a name only `weight N` may stand, not `\(word.shown)`")
                }
            }
            known.append(reference)
        }
    }

    /// `track_script` and its kind, of an instance or a group.
    static func references<Target>(
        _ path: WritableKeyPath<Target, [TrackReference]> & Sendable
    ) -> Keyword<Target> {
        .block { reader, statement, target in reader.references(statement, into: &target[keyPath: path]) }
    }
}

extension NotifyDefinitions {
    /// `notify` and its kind: a command, one word or in quotes, and perhaps a user and a group behind it.
    static func keywords<Target>(
        _ path: WritableKeyPath<Target, NotifyDefinitions> & Sendable
    ) -> [String: Keyword<Target>] {
        func command(_ field: WritableKeyPath<NotifyDefinitions, Command?> & Sendable) -> Keyword<Target> {
            .once { reader, statement, target in
                guard reader.isLine(statement), let (words, rest) = reader.command(statement) else { return }
                reader.checkPath(words[0], statement)
                var command = Command(words: words)
                if !rest.isEmpty { command.user = reader.user(rest, of: statement.keyword) }
                target[keyPath: path][keyPath: field] = command
            }
        }
        return [
            "notify": command(\.any), "notify_master": command(\.master), "notify_backup": command(\.backup),
            "notify_fault": command(\.fault), "notify_stop": command(\.stop),
        ]
    }
}
