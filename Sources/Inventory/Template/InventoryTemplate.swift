/// The commented inventory that `haprov init` writes: the guide's cluster.
public enum InventoryTemplate {
    /// The language of the comments.
    public enum Language: String, Sendable, CaseIterable {
        case english = "en"
        case chinese = "zh"
    }

    /// The inventory with English comments.
    public static let text = text(.english)

    /// The inventory with comments in a language. Both hold the same settings.
    public static func text(_ language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}
