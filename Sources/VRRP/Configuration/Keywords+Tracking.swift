extension ScriptDefinition {
    /// `vrrp_script`.
    static let keywords: [String: Keyword<ScriptDefinition>] = [
        "script": .setting { reader, statement, target in
            guard let (words, rest) = reader.command(statement) else { return }
            target.command = words
            if !rest.isEmpty {
                reader.error(
                    statement.keyword,
                    "keepalived runs only the first word of `script`; put the whole command in quotes", .unquotedCommand
                )
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
            target.user = reader.user(statement.arguments.map { $0.text }, of: statement.keyword)
        },
        "init_fail": .flag { $0.startsDown = true },
    ]
}

extension ProcessDefinition {
    /// `vrrp_track_process`.
    static let keywords: [String: Keyword<ProcessDefinition>] = [
        "process": .once { reader, statement, target in
            guard reader.isLine(statement) else { return }
            guard let name = reader.argument(statement, "the name of a program, without arguments") else { return }
            if name.text.contains(where: { $0.isWhitespace }) {
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

extension FileDefinition {
    /// `track_file`.
    static let keywords: [String: Keyword<FileDefinition>] = [
        "file": .once { reader, statement, target in
            guard reader.isLine(statement), let word = reader.argument(statement, "the whole path of a file") else {
                return
            }
            guard word.text.hasPrefix("/") else { return reader.error(word, "`file` takes the whole path of a file") }
            target.path = word.text
        },
        "weight": .once { reader, statement, target in
            guard reader.isLine(statement) else { return }
            (target.weight, target.isReversed) = reader.weight(
                statement.arguments, of: statement.keyword, atMost: Interpreter.mostFileWeight)
        },
        "init_file": .once { reader, statement, target in
            guard reader.isLine(statement) else { return }
            target.initialValue = 0
            for word in statement.arguments {
                if word.text == "overwrite" {
                    target.overwrites = true
                } else if let value = reader.integer(word, -254...254, what: "the value of `init_file`") {
                    target.initialValue = value
                }
            }
        },
    ]
}

extension Interpreter {
    /// A file may hold a negative number.
    static let mostFileWeight = 254

    /// A command of one word or in quotes, and perhaps a user and a group behind it.
    mutating func notifyCommand(_ statement: Statement) -> NotifyDefinitions.Command? {
        guard isLine(statement), let (words, rest) = command(statement) else { return nil }
        checkPath(words[0], statement)
        var command = NotifyDefinitions.Command(words: words)
        if !rest.isEmpty { command.user = user(rest, of: statement.keyword) }
        return command
    }

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
    mutating func weight(
        _ words: ArraySlice<Word>, of keyword: Word, atMost most: Int = 253
    ) -> (Int?, Bool) {
        guard let first = words.first else {
            error(keyword, "`weight` takes a whole number from -\(most) to \(most)")
            return (nil, false)
        }
        var weight: Int?
        if most == 253, let value = Int(first.withoutLeadingBlanks), abs(value) == 254 {
            weight = value.signum() * 253
            warn(first, "`weight` is a whole number from -253 to 253; \(first.shown) counts as \(value.signum() * 253)")
        } else {
            weight = integer(first, -most...most, what: "`weight`")
        }
        let rest = words.dropFirst()
        if let word = rest.first, !["reverse", "noreverse"].contains(word.text) || rest.count > 1 {
            error(word, "behind a weight only `reverse` may stand, not `\(word.shown)`")
        }
        return (weight, rest.first?.text == "reverse")
    }

    /// Lines of `track_script` and its kind.
    mutating func references(
        _ statement: Statement, into known: inout [TrackReference], atMost most: Int = 253
    ) {
        var names = Set(known.map { $0.name })
        for line in lines(statement) {
            let name = line.keyword
            guard names.insert(name.text).inserted else {
                error(name, "`\(name.shown)` is tracked already; remove it here")
                continue
            }
            var reference = TrackReference(name: name.text)
            if let word = line.arguments.first {
                if word.text == "weight" {
                    (reference.weight, reference.isReversed) = weight(
                        line.arguments.dropFirst(), of: word, atMost: most)
                } else {
                    error(word, "behind a name only `weight N` may stand, not `\(word.shown)`")
                }
            }
            known.append(reference)
        }
    }
}

/// A block in which `notify` and its kind may stand.
protocol Notifying: Sendable {
    var notify: NotifyDefinitions { get set }
}

extension InstanceDefinition: Notifying {}
extension GroupDefinition: Notifying {}

extension NotifyDefinitions {
    /// `notify` and its kind: a command, one word or in quotes, and perhaps a user and a group behind it.
    static func keywords<Target: Notifying>(of _: Target.Type) -> [String: Keyword<Target>] {
        func command(_ set: @escaping @Sendable (inout NotifyDefinitions, Command) -> Void) -> Keyword<Target> {
            .once { reader, statement, target in
                guard let command = reader.notifyCommand(statement) else { return }
                set(&target.notify, command)
            }
        }
        return [
            "notify": command { $0.any = $1 }, "notify_master": command { $0.master = $1 },
            "notify_backup": command { $0.backup = $1 }, "notify_fault": command { $0.fault = $1 },
            "notify_stop": command { $0.stop = $1 },
        ]
    }
}
