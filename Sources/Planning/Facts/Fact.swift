import HostShell

/// What is known of one side of a host, read from the records that claim it: a resource kind's own, or one of those in
/// ``HostLooks``.
package protocol Fact: Sendable, Equatable {
    /// Nothing known yet.
    init()
    /// The records that it is read from; no other fact has them.
    static var words: Set<String> { get }
    /// Takes in what one of those records says.
    mutating func take(_ record: Record)
}

extension Fact {
    func isEqual(to other: any Fact) -> Bool { (other as? Self) == self }
}
