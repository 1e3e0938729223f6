/// A program of haprov's own on the controller that runs on any x86-64 Linux host: it needs no shared library.
package struct StaticProgram: Sendable, Equatable, Codable {
    /// The file that holds it.
    package var path: String
    /// Where it begins in that file, in bytes.
    package var offset: Int
    /// Bytes.
    package var size: Int
    /// In hexadecimal digits.
    package var sha256: String

    /// A program that is known to run on the host.
    package init(path: String, offset: Int = 0, size: Int, sha256: String) {
        self.path = path
        self.offset = offset
        self.size = size
        self.sha256 = sha256
    }

    /// Plans that were saved while every program had a file of its own say no offset.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        path = try values.decode(String.self, forKey: .path)
        offset = try values.decodeIfPresent(Int.self, forKey: .offset) ?? 0
        size = try values.decode(Int.self, forKey: .size)
        sha256 = try values.decode(String.self, forKey: .sha256)
    }
}
