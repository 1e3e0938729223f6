import ArgumentParser
import Linting
import Texts

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain what `haprov check` found, by its code.",
        discussion: """
            Why it fails when it matters, what to do instead, with an example of both. Without a code: all codes.

              haprov explain HV101
              haprov explain --language zh HV101
            """)

    @Argument(help: "A code, such as HV101.") var code: String?

    @OptionGroup var language: LanguageOption

    func run() throws {
        let chosen = language.chosen
        guard let code else {
            let rows = Rule.all.map { [$0.code, $0.severity.rawValue, $0.title.text(chosen)] }
            return print(Layout.table(rows).joined(separator: "\n"))
        }
        guard let rule = Rule.named(code) else {
            throw ValidationError("There is no code '\(code)'. `haprov explain` lists all.")
        }
        print(Self.text(rule, chosen))
    }

    static func text(_ rule: Rule, _ language: Explanation.Language) -> String {
        func block(_ text: String) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(separator: "\n")
        }
        let (wrong, right) = language == .english ? ("Not so:", "But so:") : ("错误:", "正确:")
        return """
            \(rule.code) (\(rule.severity.rawValue)): \(rule.title.text(language))

            \(Layout.wrap(rule.explanation.text(language), width: language == .english ? 100 : nil, indent: 0))

            \(wrong)
            \(block(rule.wrong))

            \(right)
            \(block(rule.right))
            """
    }
}
