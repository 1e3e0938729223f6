/// What a client that speaks TLS asks for, and whether it judges what it is shown.
package struct TLSQuestion: Sendable, Equatable {
    /// The name of the server, which decides what certificate it shows and is held against it; nil where it has none.
    package var name: String?
    /// Whom a certificate has to be signed by: their own certificates as PEM. Nil where certificates are not judged.
    package var authorities: [UInt8]?

    /// From its parts.
    package init(name: String?, authorities: [UInt8]? = nil) {
        self.name = name
        self.authorities = authorities
    }
}
