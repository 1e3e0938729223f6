import Errors
import Provisioning

extension Failure {
    /// The summary and the remedy as sentences one after the other, however each was worded.
    package var sentences: String { "\(Self.sentence(summary)) \(Self.sentence(remedy))" }

    private static func sentence(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
    }
}
