/// What stands in a tar archive: the header of a file, a folder or a link.
package struct TarEntry: Sendable, Equatable {
    /// The kinds that are told apart.
    package enum Kind: Sendable, Equatable {
        case file
        case folder
        case symbolicLink
        case hardLink
        /// A device, a pipe, or what only one program knows.
        case other
    }

    /// As it is written there: that of a folder mostly ends in a slash.
    package var name: String
    package var kind: Kind
    /// Where the content begins, in bytes from the archive's start.
    package var offset: Int
    /// Bytes of content.
    package var size: Int
}

/// Why an archive cannot be read, in words that follow its name.
package struct ArchiveFault: Error, Equatable {
    package var reason: String

    /// From words such as `it ends in the middle`.
    package init(_ reason: String) { self.reason = reason }
}
