import Foundation
import PlanningSamples
import Testing

extension Samples {
    /// The text of a file in `Fixtures`.
    static func fixture(_ name: String) throws -> String {
        let url = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/\(name)")
        return try String(contentsOf: url, encoding: .utf8)
    }
}
