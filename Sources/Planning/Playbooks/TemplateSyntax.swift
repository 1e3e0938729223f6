import Texts
import YAMLReading

/// Something wrong with a template; its place counts from the template's own beginning.
struct TemplateFault: Equatable {
    var place: SourcePlace
    var message: String
    var remedy: String
}

/// A tag's name, `haproxy.prefix` or `count(peers)`, taken apart.
struct TemplateReference: Equatable {
    /// As it stands in the tag.
    var spelling: String
    /// `peers` of `count(peers)`; `.` for what the section stands for.
    var path: String
    /// `uppercased`, `first` of `uppercased(first(x))`: the last is applied first.
    var functions: [String]
    /// Where its tag begins.
    var place: SourcePlace
}

/// What a template consists of, beside its text.
indirect enum TemplateNode: Equatable {
    case value(TemplateReference)
    /// A name of nil is one that could not be read, and was reported.
    case section(TemplateReference?, isInverted: Bool, [TemplateNode])
}

/// Takes the tags out of a Mustache text and finds every fault of its form. See mustache(5).
///
/// The library that renders stops at the first one, in words of its own.
struct TemplateSyntax {
    private(set) var nodes: [TemplateNode] = []
    private(set) var faults: [TemplateFault] = []

    private var text: TemplateScanner
    private var opening = "{{"
    private var closing = "}}"
    /// The sections that are open, the innermost last, and what their surroundings hold.
    private var open: [OpenSection] = []

    private struct OpenSection {
        var sign: Character
        var name: TemplateReference?
        var place: SourcePlace
        /// What stood before it in the section around.
        var before: [TemplateNode]
    }

    init(_ text: String) {
        self.text = TemplateScanner(text)
        while self.text.skip(to: opening) { readTag() }
        while let last = open.last {
            unclosed(last)
            close()
        }
        faults.sort { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
    }

    private mutating func readTag() {
        let place = text.place
        text.advance(opening.unicodeScalars.count)
        let sign = text.current.map(Character.init) ?? " "
        let isPlain = !"#^/!{&><$=%".contains(sign)
        if !isPlain { text.advance(1) }
        guard let content = text.take(until: closing, before: sign == "!" ? nil : opening) else {
            fault(
                place, "the tag `\(opening)\(isPlain ? "" : String(sign))…` is not closed",
                "Write `\(closing)` after its name. Where the text itself holds `\(opening)`, choose other signs "
                    + "for tags before it: `{{=<% %>=}}`.")
            return
        }
        switch sign {
        case "!": break
        case "=": changeDelimiters(content, place)
        case "%": checkPragma(content, place)
        case "{":
            guard text.current == "}" else {
                return fault(
                    place, "`\(opening){\(content)\(closing)` lacks its third brace",
                    "Write `\(opening)\(content.trimmingBlanks())\(closing)`: nothing is escaped here anyway.")
            }
            text.advance(1)
            if let name = name(content, place) { nodes.append(.value(name)) }
        case "#", "^": begin(sign, name(content, place), place)
        case "/": end(content, place)
        case ">", "<", "$":
            fault(
                place, "`\(opening)\(sign)\(content)\(closing)` brings in another template; here each stands by itself",
                "Write its text in the place of the tag.")
            // They have an end like a section's.
            if sign != ">" { begin(sign, nil, place) }
        default: if let name = name(content, place) { nodes.append(.value(name)) }
        }
    }

    private mutating func fault(_ place: SourcePlace, _ message: String, _ remedy: String) {
        faults.append(TemplateFault(place: place, message: message, remedy: remedy))
    }

    // MARK: Sections

    private mutating func begin(_ sign: Character, _ name: TemplateReference?, _ place: SourcePlace) {
        open.append(OpenSection(sign: sign, name: name, place: place, before: nodes))
        nodes = []
    }

    private mutating func close() {
        guard let section = open.popLast() else { return }
        nodes = section.before + [.section(section.name, isInverted: section.sign == "^", nodes)]
    }

    private mutating func end(_ content: String, _ place: SourcePlace) {
        let name = content.trimmingBlanks()
        guard let last = open.last else {
            return fault(
                place, "`\(opening)/\(name)\(closing)` closes no section",
                "Remove it, or open the section before it: `\(opening)#\(name)\(closing)`.")
        }
        func isIt(_ section: OpenSection) -> Bool { section.name.map { $0.spelling == name } ?? true }
        if !isIt(last) {
            guard open.contains(where: { $0.name?.spelling == name }) else {
                fault(
                    place,
                    "`\(opening)/\(name)\(closing)` cannot close `\(spelling(last))` of line \(last.place.line)",
                    "Write `\(opening)/\(last.name?.spelling ?? "")\(closing)`.")
                return close()
            }
            while let inner = open.last, inner.name?.spelling != name {
                unclosed(inner)
                close()
            }
        }
        close()
    }

    private mutating func unclosed(_ section: OpenSection) {
        // A name that could not be read was reported.
        guard let name = section.name else { return }
        fault(
            section.place, "the section `\(spelling(section))` is not closed",
            "Write `\(opening)/\(name.spelling)\(closing)` where it ends.")
    }

    private func spelling(_ section: OpenSection) -> String {
        "\(opening)\(section.sign)\(section.name?.spelling ?? "")\(closing)"
    }

    // MARK: What stands in a tag

    private mutating func name(_ content: String, _ place: SourcePlace) -> TemplateReference? {
        let spelling = content.trimmingBlanks()
        let remedy =
            "Write a value's name: Playbooks/README.md lists them. Where the text itself is meant to hold `\(opening)`, "
            + "choose other signs for tags before it: `{{=<% %>=}}`."
        guard !spelling.isEmpty else {
            fault(place, "`\(opening)\(content)\(closing)` is a tag without a name", remedy)
            return nil
        }
        if let odd = spelling.first(where: { !Self.isOfNames($0) }) {
            let shown = odd.isWhitespace ? "a blank" : "`\(odd)`"
            fault(place, "`\(opening)\(spelling)\(closing)` is no value's name: \(shown) cannot stand in one", remedy)
            return nil
        }
        let parts = spelling.split(separator: "(", omittingEmptySubsequences: false)
        let functions = parts.dropLast().map(String.init)
        let path = parts.last.map { $0.prefix { $0 != ")" } } ?? ""
        guard functions.allSatisfy({ !$0.isEmpty && !$0.contains(")") }),
            parts.last?.dropFirst(path.count) == Substring(String(repeating: ")", count: functions.count))
        else {
            fault(
                place, "`\(opening)\(spelling)\(closing)` is no call: its brackets do not match",
                "Write `count(peers)`, or `last()` within a section.")
            return nil
        }
        return TemplateReference(spelling: spelling, path: String(path), functions: functions, place: place)
    }

    private static func isOfNames(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || ".-_?()*".contains(character))
    }

    private mutating func changeDelimiters(_ content: String, _ place: SourcePlace) {
        let words = content.dropLast().split(whereSeparator: \.isWhitespace)
        guard content.last == "=", words.count == 2, !words.joined().contains("=") else {
            return fault(
                place, "`\(opening)=\(content)\(closing)` does not name two signs for tags",
                "Write `\(opening)=<% %>=\(closing)`.")
        }
        opening = String(words[0])
        closing = String(words[1])
    }

    private mutating func checkPragma(_ content: String, _ place: SourcePlace) {
        let words = content.split(separator: ":").map { $0.trimmingBlanks() }
        guard words.count == 2, words[0] == "CONTENT_TYPE", ["TEXT", "HTML"].contains(words[1]) else {
            return fault(
                place, "`\(opening)%\(content)\(closing)` is no setting of a template",
                "Remove it: what is not a web page needs none.")
        }
    }
}
