/// What a server asks by keyboard-interactive authentication (RFC 4256 section 3.2).
package struct Challenge: Sendable, Equatable {
    /// One of its questions.
    package struct Question: Sendable, Equatable {
        package var text: String
        /// Whether the answer may be seen as it is typed.
        package var isShown: Bool

        package init(text: String, isShown: Bool) {
            self.text = text
            self.isShown = isShown
        }
    }

    /// A title; often empty.
    package var name: String
    /// What a person should read first; often empty.
    package var instruction: String
    /// May be none: then there is something to be read alone.
    package var questions: [Question] = []
}

/// Somebody at a terminal, asked by a host for a user; as many answers as questions, or nil where nobody answers.
package typealias Person = @Sendable (_ host: String, _ user: String, Challenge) -> [String]?

/// Finds the answers to a server's questions: the password once, where it is asked for, a person's for the rest.
struct Answering {
    let host: String
    let user: String
    /// Used up by the first answer.
    var password: String?
    let person: Person?

    mutating func answers(to challenge: Challenge) -> [String] {
        var answers = challenge.questions.map { _ in "" }
        var open = Array(answers.indices)
        // What is shown as it is typed is no password, and a second question after the password is another secret. A person
        // can tell a code from a password; without one, the first hidden question has to be the password.
        let place = challenge.questions.firstIndex {
            !$0.isShown && (person == nil || $0.text.lowercased().contains("password"))
        }
        if let given = password, let place {
            answers[place] = given
            open.removeAll { $0 == place }
        }
        if person == nil || place != nil { password = nil }
        guard let person, !open.isEmpty || challenge.questions.isEmpty else { return answers }
        var rest = challenge
        rest.questions = open.map { challenge.questions[$0] }
        for (place, answer) in zip(open, person(host, user, rest) ?? []) { answers[place] = answer }
        return answers
    }
}
