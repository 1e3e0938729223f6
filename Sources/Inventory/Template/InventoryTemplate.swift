/// The commented inventory that `haprov init` writes: the guide's cluster.
package enum InventoryTemplate {
    /// The language of the comments.
    package enum Language: String, Sendable, CaseIterable {
        case english = "en"
        case chinese = "zh"
    }

    /// The inventory with English comments.
    package static let text = text(.english)

    /// The inventory with comments in a language. Both hold the same settings.
    package static func text(_ language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}
