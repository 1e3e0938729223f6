/// A tarball that is there, or should be.
public struct Asset: Sendable, Equatable {
    /// Whose word a checksum is.
    public enum Witness: String, Sendable { case manifest, recorded }

    /// How things stand with it.
    public enum State: Sendable, Equatable {
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
    public var product: String
    /// As in the file's name.
    public var version: String
    /// The file's name in the folder, or the one that it should have.
    public var fileName: String
    /// Where the publisher offers it.
    public var url: String
    /// Whether the inventory asks for it.
    public var isNeeded: Bool
    /// How things stand with it.
    public var state: State
}
