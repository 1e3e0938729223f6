/// Where a program that is not haprov's own comes from.
package enum Origin: String, Sendable, CaseIterable {
    /// Compiled from its tarball, for a prefix of its own.
    case tarball
    /// The distribution's own package, with its paths, its user and its unit.
    case distribution = "package"
    /// What runs on the hosts already: its program, its user and its service stay, whoever put them there.
    case found
}
