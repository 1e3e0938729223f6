import HostShell

/// Reads what the probe printed: one record a line, `@WORD`, then fields parted by tabs.
///
/// A record of an unknown kind is passed over, so that a newer probe does not break an older reader.
package enum FactsReader {
    /// Every fact there is: of hosts as such, and of each kind of resources.
    package static let types: [any Fact.Type] = HostLooks.facts + ResourceKinds.all.flatMap { $0.facts }

    private static let byWord: [String: any Fact.Type] = Dictionary(
        types.flatMap { type in type.words.map { ($0, type) } }, uniquingKeysWith: { first, _ in first })

    package static func read(_ output: [UInt8]) -> Facts {
        var facts = Facts()
        for record in Record.all(in: output) {
            if let type = byWord[record.word] { facts.take(record, as: type) }
        }
        return facts
    }
}
