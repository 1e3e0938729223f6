import Digests

/// A file of a tree, as it should be.
package struct TreeFile: Sendable, Equatable {
    /// Below the tree's folder, such as `certs/site.pem`.
    package var path: String
    package var content: [UInt8]
    /// Whether it is left alone where it is there: others change it.
    package var isInitial = false
    package var digest: String
    /// Four octal digits: a private key is for root alone.
    package var mode: String

    package init(path: String, content: [UInt8], isInitial: Bool = false) {
        self.path = path
        self.content = content
        self.isInitial = isInitial
        digest = SHA256.hex(content)
        mode = SecretMask.holdsPrivateKey(content) ? "0600" : "0640"
    }

    package var isSecret: Bool { mode == "0600" }
}

/// The files that belong together below a folder, the one last that names the others.
package struct Tree: Sendable, Equatable {
    package var files: [TreeFile] = []
    /// Patterns of paths that are not haprov's to change or to remove.
    package var unmanaged: [String] = []

    package init(files: [TreeFile] = [], unmanaged: [String] = []) {
        self.files = files
        self.unmanaged = unmanaged
    }
}
