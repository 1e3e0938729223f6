import Errors

/// The name of a lab: lower-case letters, digits and `-`, at most 32 of them, so that it fits into every name made of it.
package struct LabName: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name itself.
    package let description: String

    /// - Throws: an input failure for anything else.
    package init(_ text: String) throws(Failure) {
        let fits = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard fits, !text.isEmpty, text.utf8.count <= 32, !text.hasPrefix("-") else {
            throw Failure(
                .input, step: "lab name",
                summary: "expected up to 32 lower-case letters, digits or dashes, found \"\(text)\"",
                remedy: "Choose a name such as \"demo\".")
        }
        description = text
    }

    /// The name of the lab that commands mean when none is given.
    package static let standard = LabName(checked: "default")

    private init(checked: String) { description = checked }
}
