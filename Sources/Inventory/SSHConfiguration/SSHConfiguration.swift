import YAMLReading

/// OpenSSH's client configuration, ssh_config(5): the lines of a file in their order, with those of the files that it includes.
package struct SSHConfiguration: Sendable, Equatable {
    /// Where a line stands.
    package struct Place: Sendable, Equatable, CustomStringConvertible {
        /// As it was named to the reader.
        package var file: String
        /// From 1.
        package var line: Int

        package var description: String { "\(file):\(line)" }

        package init(file: String, line: Int) {
            self.file = file
            self.line = line
        }

        package func diagnostic(_ severity: Diagnostic.Severity, _ message: String, _ remedy: String) -> Diagnostic {
            Diagnostic(severity: severity, file: file, line: line, column: 1, message: message, remedy: remedy)
        }
    }

    /// A keyword and what it is set to.
    package struct Line: Sendable, Equatable {
        /// As it was written; its case means nothing.
        package var keyword: String
        package var arguments: [String]
        package var place: Place

        package var name: String { keyword.lowercased() }
    }

    package indirect enum Entry: Sendable, Equatable {
        case line(Line)
        /// A file that was included here: what it says of hosts ends with it.
        case included([Entry])
    }

    package var entries: [Entry]

    package init(entries: [Entry] = []) { self.entries = entries }
}

extension SSHConfiguration {
    /// Takes the lines of a file apart.
    ///
    /// - Parameter file: the name that places show.
    package static func lines(of text: String, file: String) -> (lines: [Line], faults: [Diagnostic]) {
        var lines: [Line] = []
        var faults: [Diagnostic] = []
        let texts = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, text) in texts.enumerated() {
            let place = Place(file: file, line: index + 1)
            let text = text.trimmingBlanks()
            guard let first = text.first, first != "#" else { continue }
            let end = text.firstIndex { $0.isWhitespace || $0 == "=" } ?? text.endIndex
            let keyword = String(text[..<end])
            // One `=` may stand between a keyword and its value.
            var rest = text[end...].trimmingBlanks()
            if rest.hasPrefix("=") { rest = rest.dropFirst().trimmingBlanks() }
            guard !rest.isEmpty else {
                faults.append(
                    place.diagnostic(
                        .error, "`\(keyword)` has no value", "Write its value behind it, or remove the line."))
                continue
            }
            // A shell's line is taken as it is.
            if wholeLines.contains(keyword.lowercased()) {
                lines.append(Line(keyword: keyword, arguments: [rest], place: place))
            } else if let arguments = words(of: rest) {
                lines.append(Line(keyword: keyword, arguments: arguments, place: place))
            } else {
                faults.append(place.diagnostic(.error, "a quote is not closed", "Close it on the same line."))
            }
        }
        return (lines, faults)
    }

    private static let wholeLines: Set = ["proxycommand", "localcommand", "remotecommand", "knownhostscommand"]

    /// Words as OpenSSH parts them: quotes of both kinds, `\` before a quote, itself or (outside of quotes) a blank; `#` begins a
    /// comment. Nil where a quote is not closed.
    private static func words(of text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var signs = Array(text)[...]
        while let sign = signs.popFirst() {
            if sign == "\\", let next = signs.first,
                next == "\"" || next == "'" || next == "\\" || quote == nil && next == " "
            {
                word = (word ?? "") + String(next)
                signs.removeFirst()
            } else if let open = quote {
                if sign == open { quote = nil } else { word = (word ?? "") + String(sign) }
            } else if sign == "\"" || sign == "'" {
                quote = sign
                word = word ?? ""
            } else if sign.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else if sign == "#", word == nil {
                break
            } else {
                word = (word ?? "") + String(sign)
            }
        }
        if let word { words.append(word) }
        return quote == nil ? words : nil
    }
}
