/// What the documentation says of something, in every language that it is written in.
package struct Explanation: Sendable, Equatable {
    package var english: String
    package var chinese: String

    package init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    package func text(_ language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }

    /// By its code of ISO 639-1.
    package enum Language: String, Sendable, CaseIterable {
        case english = "en"
        case chinese = "zh"
    }
}
