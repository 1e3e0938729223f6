/// A tarball that is there, or should be.
package struct Asset: Sendable, Equatable {
    /// Whose word a checksum is.
    package enum Witness: String, Sendable { case manifest, recorded }

    /// How things stand with it.
    package enum State: Sendable, Equatable {
        /// As it should be.
        case present(sha256: String, by: Witness)
        /// Not in the folder.
        case missing
        /// In the folder, but nobody has vouched for it.
        case unrecorded(sha256: String)
        /// In the folder, and not what it should be.
        case wrong(expected: String, found: String, by: Witness)
        /// In the folder, and not to be read.
        case unreadable(String)
    }

    /// `haproxy` or `keepalived`.
    package var product: String
    /// As in the file's name.
    package var version: String
    /// The file's name in the folder, or the one that it should have.
    package var fileName: String
    /// Where the publisher offers it.
    package var url: String
    /// Whether the inventory asks for it.
    package var isNeeded: Bool
    /// How things stand with it.
    package var state: State
}
