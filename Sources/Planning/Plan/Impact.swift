/// What clients may notice while a host is changed.
package struct Impact: Sendable, Equatable, Codable {
    /// The addresses that move from this host or to it.
    package var addresses: [String] = []
    /// Milliseconds, at worst, for which nobody answers for them; nil where nobody else can: until this host does again.
    package var gap: Int? = 0
    /// Whether connections that go through this host end: those to the addresses that move, or to an address of its own.
    package var cutsConnections = false
    /// All that in words, and why.
    package var text: String

    /// Whether requests to the VIPs go on as if nothing were done.
    package var isNothing: Bool { addresses.isEmpty && gap == 0 }
}
