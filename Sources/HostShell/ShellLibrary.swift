/// Shell functions and variables for hosts, of which only those travel that a script needs.
///
/// A source is POSIX sh whose functions and assignments begin in the first column, each function ending with a `}` in the first
/// column or on its first line. What else begins there is the prologue: it comes first in every script.
package struct ShellLibrary: Sendable {
    /// A function or a variable.
    private struct Definition: Sendable {
        var name: String
        var text: String
        var isVariable = false
        /// Other definitions that it names.
        var needs: Set<String>
    }

    private let prologue: [String]
    private let definitions: [Definition]
    private let byName: [String: Int]

    /// The line after which a script's own part begins: what is assigned or defined there goes before the library's.
    package static let mark = "#: calls"

    /// - Parameter sources: UTF-8 texts, in the order in which they are to stand.
    package init(_ sources: [[UInt8]]) {
        var prologue: [String] = []
        var definitions: [Definition] = []
        for source in sources { Self.read(String(decoding: source, as: UTF8.self), &prologue, &definitions) }
        let names = Set(definitions.map(\.name))
        for index in definitions.indices {
            definitions[index].needs = Self.words(of: definitions[index].text).intersection(names)
        }
        self.prologue = prologue
        self.definitions = definitions
        byName = Dictionary(definitions.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// What a host's script begins with, whatever it does.
    package static let base = PackageResources.lib_sh

    /// Every function and variable, in order.
    package var names: [String] { definitions.map(\.name) }

    /// Names of functions and variables that are there more than once, of which only the last would be found.
    package var repeated: [String] {
        var seen = Set<String>()
        return names.filter { !seen.insert($0).inserted }
    }

    /// Whether there is a function or variable of this name.
    package func contains(_ name: String) -> Bool { byName[name] != nil }

    /// The prologue and these functions with all that they need.
    ///
    /// - Parameter roots: names; those that the library does not have are passed over.
    package func text(of roots: some Sequence<String>) -> String {
        (prologue + needed(by: roots).map(\.text)).joined(separator: "\n") + "\n"
    }

    /// These functions with all that they need, to be read by a script that may have some of it: its variables keep their
    /// values, and its functions give way.
    package func supplement(of roots: some Sequence<String>) -> String {
        needed(by: roots).map { definition in
            definition.isVariable ? "[ -n \"${\(definition.name)+x}\" ] || \(definition.text)" : definition.text
        }.joined(separator: "\n") + "\n"
    }

    private func needed(by roots: some Sequence<String>) -> [Definition] {
        var wanted = Set<Int>()
        var open = roots.compactMap { byName[$0] }
        while let index = open.popLast() {
            guard wanted.insert(index).inserted else { continue }
            open += definitions[index].needs.compactMap { byName[$0] }
        }
        return wanted.sorted().map { definitions[$0] }
    }

    /// A whole script.
    ///
    /// - Parameters:
    ///   - body: its own lines; what they name comes along.
    ///   - roots: functions that are called without being named, such as those of a journal's entries.
    package func script(_ body: String, calling roots: [String] = []) -> String {
        text(of: Self.words(of: body).union(roots)) + Self.mark + "\n" + body + "\n"
    }

    /// A script of calls, each a function and its arguments.
    package func script(calls: [[String]], calling roots: [String] = []) -> String {
        script(calls.map(Shell.join).joined(separator: "\n"), calling: roots)
    }
}

extension ShellLibrary {
    private static func read(_ source: String, _ prologue: inout [String], _ definitions: inout [Definition]) {
        var lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        while let line = lines.popFirst() {
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(" ") { continue }
            let name = String(line.prefix { isPartOfName($0) })
            let rest = line.dropFirst(name.count)
            if rest.hasPrefix("()") {
                definitions.append(Definition(name: name, text: function(line, &lines), needs: []))
            } else if rest.hasPrefix("="), !name.isEmpty, !alwaysSet.contains(name) {
                definitions.append(Definition(name: name, text: line, isVariable: true, needs: []))
            } else {
                prologue.append(line)
            }
        }
    }

    /// Not haprov's own: they are for every program that a script runs.
    private static let alwaysSet: Set<String> = ["LC_ALL", "PATH"]

    /// The rest of a function whose first line is given, without its comments.
    private static func function(_ first: String, _ lines: inout ArraySlice<String>) -> String {
        var text = [first]
        guard !first.hasSuffix("}") else { return first }
        var terminator: String?
        while let line = lines.popFirst() {
            if let end = terminator {
                text.append(line)
                if line == end { terminator = nil }
                continue
            }
            let isComment = line.drop { $0 == " " }.hasPrefix("#")
            if !isComment { text.append(line) }
            if line == "}" { break }
            if !isComment, let here = line.firstRange(of: "<<") {
                terminator = String(
                    line[here.upperBound...].drop { $0 == "'" || $0 == "-" }.prefix { isPartOfName($0) })
                if terminator?.isEmpty == true { terminator = nil }
            }
        }
        return text.joined(separator: "\n")
    }

    private static func isPartOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }

    /// All that could be a name in a text.
    private static func words(of text: String) -> Set<String> {
        var words = Set<String>()
        var word: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                word.append(byte)
            default:
                if !word.isEmpty { words.insert(String(decoding: word, as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
            }
        }
        if !word.isEmpty { words.insert(String(decoding: word, as: UTF8.self)) }
        return words
    }
}
