import Texts

/// Something that makes a cluster fail that looks fine: how it is seen, and what there is to say about it.
package struct Rule: Sendable {
    /// Stable; never given to another rule.
    package let code: String
    package let severity: Finding.Severity
    /// What is wrong, in a few words.
    package let title: Explanation
    /// Why that fails, and what to do instead.
    package let explanation: Explanation
    /// An example of it.
    package let wrong: String
    /// The same as it should be.
    package let right: String
    /// Where it is so; nothing where another part judges, of which this is the explanation alone.
    let judge: @Sendable (LintSubject) -> [Remark]

    init(
        _ code: String, _ severity: Finding.Severity, _ title: Explanation, _ explanation: Explanation,
        wrong: String, right: String, judge: @escaping @Sendable (LintSubject) -> [Remark] = { _ in [] }
    ) {
        self.code = code
        self.severity = severity
        self.title = title
        self.explanation = explanation
        self.wrong = wrong
        self.right = right
        self.judge = judge
    }

    /// What a rule says of one place.
    struct Remark {
        var place: Finding.Place
        var message: String
        var remedy: String

        init(_ place: Finding.Place, _ message: String, _ remedy: String) {
            self.place = place
            self.message = message
            self.remedy = remedy
        }
    }
}

extension Rule {
    /// Every rule there is, by families: 1xx VRRP, 2xx checks, 3xx HAProxy, 4xx balancers that do not agree, 5xx inventories.
    package static let all = vrrp + checks + haproxy + agreement + inventory

    /// The rule of a code, in letters of either size.
    package static func named(_ code: String) -> Rule? { all.first { $0.code == code.uppercased() } }
}

/// Judges.
package enum Lint {
    /// What all rules find, each once, in the order of the files.
    package static func findings(in subject: LintSubject) -> [Finding] {
        var seen = Set<Finding>()
        let all = Rule.all.flatMap { rule in
            rule.judge(subject).map {
                Finding(
                    code: rule.code, severity: rule.severity, place: $0.place, message: $0.message, remedy: $0.remedy)
            }
        }
        return all.filter { seen.insert($0).inserted }.sorted { ($0.place, $0.code) < ($1.place, $1.code) }
    }
}
