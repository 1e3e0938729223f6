import Texts

/// The commented inventory that `haprov init` writes: the guide's cluster.
package enum InventoryTemplate {
    /// The inventory with English comments.
    package static let text = text(.english)

    /// The inventory with comments in a language. Both hold the same settings.
    package static func text(_ language: Explanation.Language) -> String {
        InventorySchema.modeline + "\n" + Explanation(english, chinese).text(language)
    }
}
