import Texts

/// A field that a kind takes in a playbook's step: how it is read, and what the documentation says of it.
package struct FieldDeclaration: Sendable {
    /// What holds where a field is left out or empty.
    package enum Need: Sendable, Equatable {
        /// It may not be.
        case required
        /// Nothing.
        case optional
        /// This value.
        case standard(String)
    }

    package var name: String
    package var need: Need
    package var meaning: Explanation

    package static func required(_ name: String, _ english: String, _ chinese: String) -> Self {
        Self(name: name, need: .required, meaning: Explanation(english, chinese))
    }

    package static func optional(_ name: String, _ english: String, _ chinese: String) -> Self {
        Self(name: name, need: .optional, meaning: Explanation(english, chinese))
    }

    package static func standard(_ name: String, _ value: String, _ english: String, _ chinese: String) -> Self {
        Self(name: name, need: .standard(value), meaning: Explanation(english, chinese))
    }

    package static func flag(_ name: String, _ value: Bool, _ english: String, _ chinese: String) -> Self {
        standard(name, value ? "true" : "false", english, chinese)
    }

    // MARK: What several kinds share

    static func mode(_ value: String) -> Self { standard("mode", value, "Four octal digits, in quotes", "四位八进制数,加引号") }
    static let owner = standard("owner", "root", "A user's name", "用户名")
    static let group = standard("group", "root", "A group's name", "组名")

    static func secret(_ english: String, _ chinese: String) -> Self {
        flag(
            "secret", false, "With `true` plans show the size alone, as they do of a private key; \(english)",
            "为 `true` 时计划只显示大小,内容含私钥时也是如此;\(chinese)")
    }
}
