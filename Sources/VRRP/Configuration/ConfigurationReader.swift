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
        /// Where what was read stands.
        package var outline = ConfigurationOutline()
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
            var result = Result(
                configuration: checks.configuration, diagnostics: inOrder(interpreter.diagnostics, main: source.file))
            result.outline = ConfigurationOutline(statements)
            return result
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
    /// What it is about, for whoever has more to say of that.
    package var topic: Topic

    /// What a diagnostic is about, where others judge by it.
    package enum Topic: Sendable, Hashable, CaseIterable {
        case other
        /// keepalived does it, and this daemon does not, or in its own way.
        case notDoneHere
        case unknownKeyword
        /// A track_script and its kind that names nothing.
        case undefinedCheck
        /// Words of a command behind its first one that keepalived does not run.
        case unquotedCommand
        case longPassword
        /// `vrrp_strict` or `strict_mode`.
        case strict
        /// Two instances of one virtual router ID on one NIC.
        case sharedRouterID
        /// `nopreempt` with `state MASTER`.
        case noPreemptAsMaster
        /// A weight that changes nothing, by what makes it so.
        case weightOfOwner, weightWithNoPreempt, weightInGroup
    }

    /// From its parts.
    package init(
        severity: Severity, file: String, line: Int, column: Int, message: String, topic: Topic = .other
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.topic = topic
    }

    /// `file:line:column: error: message`.
    package var description: String {
        "\(file):\(line):\(column): \(severity == .error ? "error" : "warning"): \(message)"
    }
}
