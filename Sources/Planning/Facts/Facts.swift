import HostShell

/// What one host is like: everything that a plan is made from, gathered by one script over one connection. Each side of it is
/// a ``Fact`` of its own, and whoever brings one says here by an extension what users find: `facts.units`.
package struct Facts: Sendable, Equatable {
    /// By type.
    private var known: [ObjectIdentifier: any Fact] = [:]

    package init() {}

    /// A fact; one that nothing is known of where the host said nothing.
    package subscript<F: Fact>(_ type: F.Type) -> F {
        get { known[ObjectIdentifier(type)] as? F ?? F() }
        set { known[ObjectIdentifier(type)] = newValue }
    }

    /// Takes in a record of a fact's.
    mutating func take(_ record: Record, as type: any Fact.Type) {
        // Taken out, so that it is changed where it is and not copied.
        var fact = known.removeValue(forKey: ObjectIdentifier(type)) ?? type.init()
        fact.take(record)
        known[ObjectIdentifier(type)] = fact
    }

    /// What nothing is known of is the same as what was never asked for.
    package static func == (left: Facts, right: Facts) -> Bool {
        Set(left.known.keys).union(right.known.keys).allSatisfy { key in
            switch (left.known[key], right.known[key]) {
            case (let one?, let other?): one.isEqual(to: other)
            case (let one?, nil), (nil, let one?): one.isEqual(to: type(of: one).init())
            case (nil, nil): true
            }
        }
    }
}
