import ArgumentParser
import Inventory
import YAMLReading

/// A word that should have been a subcommand; the argument parser only says that it did not expect it.
struct UnknownSubcommand: CustomStringConvertible {
    private let path: [String]
    private let word: String
    private let known: [String]

    /// Nil where the words lead to a command that has no subcommands, or to one that goes on without.
    init?(_ words: [String], of root: any ParsableCommand.Type) {
        var command = root
        var path = [root._commandName]
        for word in words where word != "help" {
            let configuration = command.configuration
            guard !configuration.subcommands.isEmpty, configuration.defaultSubcommand == nil, !word.hasPrefix("-")
            else { return nil }
            if let next = configuration.subcommands.first(where: { $0._commandName == word }) {
                command = next
                path.append(word)
            } else {
                self.path = path
                self.word = word
                known = configuration.subcommands.map { $0._commandName }
                return
            }
        }
        return nil
    }

    var description: String {
        let name = path.joined(separator: " ")
        let meant = NearestName.of(word, among: known).map { " Did you mean `\(name) \($0)`?" } ?? ""
        return "Error: there is no `\(name) \(word)`.\(meant)\n"
            + "Usage: \(name) <subcommand>, one of \(known.joined(separator: ", "))\n"
            + "  See '\(name) --help' for more information."
    }
}
