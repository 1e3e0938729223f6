import ArgumentParser
import Foundation

/// haprov(1), for man(1): what `--help` says, of every command.
enum ManualPage {
    static func text(of root: any ParsableCommand.Type) -> String {
        let name = root._commandName
        var lines = [
            ".TH \(name.uppercased()) 1 \"\" \"\(name) \(root.configuration.version)\"", ".SH NAME",
            "\(name) \\- \(escaped(root.configuration.abstract))", ".SH DESCRIPTION",
        ]
        lines += verbatim(root, of: root)
        lines.append(".SH COMMANDS")
        for (path, command) in commands(below: root, path: [name]) {
            lines.append(".SS \(escaped(path.joined(separator: " ")))")
            lines += verbatim(command, of: root)
        }
        lines += [".SH SEE ALSO", ".BR haprov\\-vrrpd (8),", "which `haprov man haprov\\-vrrpd` prints"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// All of them, each before its subcommands.
    private static func commands(
        below root: any ParsableCommand.Type, path: [String]
    ) -> [(path: [String], command: any ParsableCommand.Type)] {
        root.configuration.subcommands.flatMap { command in
            let own = path + [command._commandName]
            return [(own, command)] + commands(below: command, path: own)
        }
    }

    /// The words of `--help`, line by line as they are.
    private static func verbatim(_ command: any ParsableCommand.Type, of root: any ParsableCommand.Type) -> [String] {
        func message<Root: ParsableCommand>(_ root: Root.Type) -> String {
            root.helpMessage(for: command, columns: 78)
        }
        let text = message(root).split(separator: "\n", omittingEmptySubsequences: false)
        return [".nf"] + text.map { escaped(String($0)) } + [".fi"]
    }

    /// Text without meaning for roff.
    static func escaped(_ text: String) -> String {
        let line = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\e"
            case "-": "\\-"
            default: scalar.isASCII ? "\(scalar)" : "\\[u\(String(format: "%04X", scalar.value))]"
            }
        }.joined()
        return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }
}
