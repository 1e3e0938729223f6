import Texts

/// A check script, as far as it can be judged without running it: line by line, and in doubt as one that is in order.
struct ShellText {
    /// A command and its line, from 1.
    struct Command {
        var words: [Substring]
        var line: Int
        var text: Substring
    }

    /// In order, those that shape the text (`if`, `fi`) too.
    let commands: [Command]
    /// Whether it ends where a command fails.
    let endsOnFailure: Bool

    init(_ text: String) {
        var commands: [Command] = []
        var heredoc: Substring?
        var line = 0
        for raw in text.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            if let end = heredoc {
                if raw.trimmingBlanks() == end { heredoc = nil }
                continue
            }
            if let start = raw.firstRange(of: "<<"), !raw.contains("<<<") {
                heredoc = raw[start.upperBound...].drop { "-'\" ".contains($0) }.prefix { $0.isLetter || $0 == "_" }
            }
            for part in Self.parts(Self.withoutComment(raw)) {
                let words = part.split { $0 == " " || $0 == "\t" || $0 == "\r" }
                if !words.isEmpty { commands.append(Command(words: words, line: line, text: part)) }
            }
        }
        self.commands = commands
        let first = text.split(separator: "\n").first ?? ""
        endsOnFailure =
            first.hasPrefix("#!") && first.contains(" -e")
            || commands.contains {
                $0.words[0] == "set" && $0.words.dropFirst().contains { $0.hasPrefix("-e") || $0 == "errexit" }
            }
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var quote: Character?
        var previous: Character = " "
        for index in line.indices {
            let sign = line[index]
            if sign == quote {
                quote = nil
            } else if quote == nil, sign == "'" || sign == "\"" {
                quote = sign
            } else if quote == nil, sign == "#", previous == " " || previous == "\t" || previous == ";" {
                return line[..<index]
            }
            previous = sign
        }
        return line
    }

    /// Commands between semicolons, `then` and its kind taken off their front.
    private static func parts(_ line: Substring) -> [Substring] {
        var parts: [Substring] = []
        var quote: Character?
        var start = line.startIndex
        for index in line.indices {
            let sign = line[index]
            if sign == quote {
                quote = nil
            } else if quote == nil, sign == "'" || sign == "\"" {
                quote = sign
            } else if quote == nil, sign == ";" {
                parts.append(line[start..<index])
                start = line.index(after: index)
            }
        }
        parts.append(line[start...])
        return parts.flatMap { part -> [Substring] in
            let text = part.drop { $0 == " " || $0 == "\t" }
            for word in ["then ", "else ", "do "] where text.hasPrefix(word) {
                return [text.prefix(word.count - 1), text.dropFirst(word.count)]
            }
            return [text]
        }
    }

    private static let shape: Set<Substring> = ["fi", "done", "esac", "then", "else", "do", "{", "}", ";;", "(", ")"]

    /// The last command that is run, which the status is that of.
    var last: Command? { commands.last { !Self.shape.contains($0.words[0]) } }

    /// Whether the text names a status other than 0 somewhere.
    var canFail: Bool {
        endsOnFailure
            || commands.contains { command in
                let words = command.words.map { $0.trimmingBraces }
                return words.indices.contains { index in
                    ["exit", "return", "exec"].contains(words[index])
                        && !(words[index] != "exec" && words.indices.contains(index + 1) && words[index + 1] == "0")
                }
            }
    }

    /// The last command, where the whole ends with 0 whatever it finds.
    var endlessSuccess: Command? {
        guard !canFail, let last else { return nil }
        let isInBlock = commands.last.map { ["fi", "done", "esac"].contains($0.words[0]) } ?? false
        let program = last.words[0].split(separator: "/").last ?? ""
        if last.text.contains("| wc") || last.text.contains("|wc") { return last }
        if ["echo", "printf", "true", ":", "exit", "return", "logger", "sleep"].contains(program) { return last }
        if last.text.contains("||") { return nil }
        // `if` ends with 0 where its condition does not hold; what it then runs seldom fails.
        guard isInBlock, !["[", "[[", "test", "false", "kill", "killall", "if", "grep", "curl"].contains(program) else {
            return nil
        }
        return last
    }

    /// What says the result in words, where a status was meant.
    var print: Command? {
        commands.last { command in
            let text = command.text
            guard let program = command.words.first else { return false }
            if text.contains("| wc") || text.contains("|wc") { return command.line == last?.line }
            return ["echo", "printf"].contains(program) && command.words.count == 2
                && ["0", "1", "\"0\"", "\"1\"", "$?"].contains(command.words[1])
        }
    }

    /// Where it stops keepalived.
    var stopsKeepalived: Command? {
        commands.first { command in
            let text = command.text
            guard text.contains("keepalived") else { return false }
            return (text.contains("stop") && ["systemctl", "service", "init.d", "rc.d"].contains { text.contains($0) })
                || ["killall", "pkill"].contains { text.contains($0 + " ") } && !text.contains("-0")
        }
    }

    /// Whether it looks for a process by whether that can be signalled.
    var asksBySignal: Bool {
        commands.contains { command in
            command.words.contains("-0")
                && command.words.contains {
                    ["kill", "killall", "pkill"].contains($0.split(separator: "/").last ?? "")
                }
        }
    }

    /// Milliseconds that it sleeps at most, as far as that is written in numbers.
    var sleeps: (total: Int, line: Int) {
        commands.reduce(into: (0, 1)) { sum, command in
            guard let index = command.words.firstIndex(where: { $0 == "sleep" }),
                command.words.indices.contains(index + 1), let seconds = Int(command.words[index + 1])
            else { return }
            sum = (sum.0 + seconds * 1000, command.line)
        }
    }

    /// A search for a process that finds more than HAProxy.
    var looseSearch: (command: Command, why: String)? {
        for command in commands {
            if let why = LooseSearch.why(String(command.text)) { return (command, why) }
        }
        return nil
    }
}

extension Substring {
    fileprivate var trimmingBraces: Substring {
        var text = self
        while let first = text.first, "{(`\"".contains(first) { text = text.dropFirst() }
        while let last = text.last, "})`\"".contains(last) { text = text.dropLast() }
        return text
    }
}

/// Searches for a process that are satisfied by something else of that name.
enum LooseSearch {
    /// Why a command line finds more than HAProxy; nil where it does not, as far as is seen.
    static func why(_ text: String) -> String? {
        let words = text.split { " \t|;&()`$\"'".contains($0) }.map(String.init)
        func has(_ program: String) -> Bool { words.contains { $0 == program || $0.hasSuffix("/" + program) } }
        if has("ps"), has("grep"), !text.contains("grep -v"), !text.contains("-C "), !text.contains("["),
            text.contains("|")
        {
            return "`ps … | grep` finds the grep itself"
        }
        if has("pgrep"), words.contains("-f") || words.contains("-fl") || words.contains("-af") {
            return "`pgrep -f` finds every process in whose command line the word stands, this check's own shell too"
        }
        if has("pgrep"), !words.contains(where: { $0.hasPrefix("-") && $0.contains("x") }), words.contains("haproxy") {
            return "`pgrep haproxy` without `-x` finds everything that has it in its name, such as a wrapper"
        }
        if ["killall", "pidof", "pgrep"].contains(where: has),
            let name = words.first(where: {
                $0.contains("haproxy") && ($0.contains("wrapper") || $0.contains("docker"))
            })
        {
            return "`\(name)` goes on where the HAProxy that it wraps is dead"
        }
        if has("docker"), has("ps") || has("inspect"), has("grep"), !words.contains("-f") {
            return "a container goes on where the HAProxy in it is dead or hangs"
        }
        return nil
    }
}
