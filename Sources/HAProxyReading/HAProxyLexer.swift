/// A word of a configuration, as HAProxy takes it: quotes gone, escapes resolved.
package struct HAProxyWord: Sendable, Equatable {
    package var text: String
    /// Names of environment variables in it; `text` has them as they are written.
    package var variables: [String] = []
    /// Whether a quote is left open in it.
    package var isOpen = false

    package init(_ text: String, variables: [String] = [], isOpen: Bool = false) {
        self.text = text
        self.variables = variables
        self.isOpen = isOpen
    }
}

/// Parts a line into words (HAProxy's configuration manual, "Quoting and escaping").
struct HAProxyLexer {
    private var rest: Substring.UnicodeScalarView
    private let variables: [String: String]
    private var words: [HAProxyWord] = []
    private var word: HAProxyWord?

    /// - Parameter variables: those whose values are known.
    static func words(of line: Substring, variables: [String: String] = [:]) -> [HAProxyWord] {
        var lexer = HAProxyLexer(rest: line.unicodeScalars, variables: variables)
        return lexer.read()
    }

    private init(rest: Substring.UnicodeScalarView, variables: [String: String]) {
        self.rest = rest
        self.variables = variables
    }

    private mutating func read() -> [HAProxyWord] {
        while let next = rest.popFirst() {
            switch next {
            case " ", "\t", "\r": endWord()
            case "#": rest = rest[rest.endIndex...]
            case "\\": escape()
            case "'": strong()
            case "\"": weak()
            default: put(next)
            }
        }
        endWord()
        return words
    }

    private mutating func endWord() {
        if let word { words.append(word) }
        word = nil
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        word = word ?? HAProxyWord("")
        word?.text.unicodeScalars.append(scalar)
    }

    private mutating func escape() {
        guard let next = rest.popFirst() else { return put("\\") }
        switch next {
        case "n": put("\n")
        case "r": put("\r")
        case "t": put("\t")
        case "x":
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(digits), radix: 16) else {
                put("\\")
                return put("x")
            }
            rest = rest.dropFirst(2)
            put(Unicode.Scalar(value))
        case " ", "\\", "#", "'", "\"": put(next)
        default:
            // Left to regular expressions.
            put("\\")
            put(next)
        }
    }

    private mutating func strong() {
        word = word ?? HAProxyWord("")
        while let next = rest.popFirst() {
            if next == "'" { return }
            put(next)
        }
        word?.isOpen = true
    }

    private mutating func weak() {
        word = word ?? HAProxyWord("")
        while let next = rest.popFirst() {
            switch next {
            case "\"": return
            case "\\":
                if let escaped = rest.first, ["\"", "\\", "$"].contains(escaped) {
                    rest.removeFirst()
                    put(escaped)
                } else {
                    escape()
                }
            case "$": variable()
            default: put(next)
            }
        }
        word?.isOpen = true
    }

    /// `$NAME`, `${NAME}`, `${NAME-default}`, `${NAME[*]}`.
    private mutating func variable() {
        let start = rest
        let isBraced = rest.first == "{"
        if isBraced { rest.removeFirst() }
        var name = ""
        while let next = rest.first,
            next == "_" || (next.isASCII && next.properties.isAlphabetic) || ("0"..."9") ~= next
        {
            name.unicodeScalars.append(next)
            rest.removeFirst()
        }
        if isBraced {
            rest = rest.drop { $0 != "}" }
            if rest.first == "}" { rest.removeFirst() }
        }
        if let value = variables[name] {
            word?.text += value
        } else {
            word?.variables.append(name)
            word?.text += "$" + String(start[..<rest.startIndex])
        }
    }
}
