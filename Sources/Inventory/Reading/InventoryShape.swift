/// What the value of a key may look like, for whoever offers or checks one before haprov reads the inventory.
indirect enum InventoryShape: Sendable {
    /// A number too, where the text looks like one: versions.
    case text
    /// One text or a list of them.
    case texts
    case flag
    case integer(ClosedRange<Int>)
    case choice([String])
    /// A number with its unit.
    case duration
    /// Its source, or the text itself.
    case secret
    /// The keys of a section of ``InventoryKeys``.
    case section(String)
    /// Names of the user's, each with the keys of a section.
    case named(String)
    /// Names of the user's, each with a value.
    case values(InventoryShape)
    case list(InventoryShape)
    case either([InventoryShape])
}
