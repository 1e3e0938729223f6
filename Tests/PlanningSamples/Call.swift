import Planning

/// A call of any host function: what plans never hold, and hosts can be told all the same.
package struct Call: Change {
    package static let functions: [String] = []
    package var function: String
    package var arguments: [String]
    package var subject: Subject
    package var summary: String
    package var content = Content.none
    package var isBarrier = false
    package var isSecret = false
    package var diff: String?
    package var writes: [String] { [] }

    package init(
        _ function: String, _ arguments: [String], resource: Subject, summary: String, content: Content = .none,
        isBarrier: Bool = false
    ) {
        self.function = function
        self.arguments = arguments
        subject = resource
        self.summary = summary
        self.content = content
        self.isBarrier = isBarrier
    }

    package init?(function: String, arguments: [String]) { nil }
}

extension Subject: ExpressibleByStringInterpolation {
    /// As tests write it.
    public init(stringLiteral value: String) { self.init(value) }
}

extension Undo {
    /// Of a change that nobody has to know more of.
    package init(
        run: String, number: String, resource: Subject, summary: String, owner: UndoOwner = .own,
        marksOnly: Bool = false
    ) {
        self.init(
            run: run, number: number, subject: resource, summary: summary, change: nil, owner: owner,
            marksOnly: marksOnly)
    }
}
