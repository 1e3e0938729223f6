/// Reads keepalived.conf(5).
package enum ConfigurationReader {
    /// Text that an `include` brings in.
    package struct Source: Sendable, Hashable {
        /// As it is to be named in messages.
        package var file: String
        /// What it holds.
        package var text: String

        /// From its parts.
        package init(file: String, text: String) {
            self.file = file
            self.text = text
        }
    }

    /// What was read, and what there is to say about it.
    package struct Result: Sendable, Hashable {
        /// Usable only where no diagnostic is an error.
        package var configuration: KeepalivedConfiguration
        /// In the order of the files.
        package var diagnostics: [ConfigurationDiagnostic]
        /// Whether nothing stands in the way of running it.
        package var isUsable: Bool { !diagnostics.contains { $0.severity == .error } }

        /// From its parts.
        package init(configuration: KeepalivedConfiguration, diagnostics: [ConfigurationDiagnostic]) {
            self.configuration = configuration
            self.diagnostics = diagnostics
        }
    }

    /// - Parameters:
    ///   - source: the main file.
    ///   - include: the files that a pattern names, seen from the file that includes them; empty where none is there.
    package static func read(
        _ source: Source, include: (_ pattern: String, _ from: String) -> [Source] = { _, _ in [] }
    ) -> Result {
        withoutActuallyEscaping(include) { include in
            var parser = StatementParser(include: include)
            let statements = parser.statements(of: source)
            var interpreter = Interpreter(diagnostics: parser.faults)
            var checks = ConfigurationChecks()
            interpreter.readAll(statements, into: &checks)
            checks.run(&interpreter, file: source.file)
            return Result(
                configuration: checks.configuration, diagnostics: inOrder(interpreter.diagnostics, main: source.file))
        }
    }

    /// By file, the main one first, then by place.
    private static func inOrder(
        _ diagnostics: [ConfigurationDiagnostic], main: String
    ) -> [ConfigurationDiagnostic] {
        diagnostics.sorted { left, right in
            (left.file == main ? 0 : 1, left.file, left.line, left.column, left.message)
                < (right.file == main ? 0 : 1, right.file, right.line, right.column, right.message)
        }
    }
}

/// Something about a place in a configuration.
package struct ConfigurationDiagnostic: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    package enum Severity: Sendable, Hashable {
        /// It cannot be run.
        case error
        /// It can, but is not what its author may think.
        case warning
    }
    /// How bad it is.
    package var severity: Severity
    /// As the configuration names it.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in characters.
    package var column: Int
    /// What is wrong and what to do; never a password.
    package var message: String

    /// From its parts.
    package init(severity: Severity, file: String, line: Int, column: Int, message: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `file:line:column: error: message`.
    package var description: String {
        "\(file):\(line):\(column): \(severity == .error ? "error" : "warning"): \(message)"
    }
}
