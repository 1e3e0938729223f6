/// Whether a host has an address, as `hp_say_holds` says it.
package struct Holding: Sendable, Equatable {
    package var address: String
    /// The NIC that carries it; nil where the host does not hold it.
    package var interface: String?

    /// Nil for another record.
    package init?(_ record: Record) {
        guard record.word == "holds" else { return nil }
        address = record[1]
        interface = record[2].isEmpty ? nil : record[2]
    }
}
