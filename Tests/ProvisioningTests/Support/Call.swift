import Planning

/// A call of any host function: what plans never hold, and hosts can be told all the same.
struct Call: Change {
    static let functions: [String] = []
    var function: String
    var arguments: [String]
    var subject: Subject
    var summary: String
    var content = Content.none
    var isBarrier = false
    var isSecret = false
    var writes: [String] { [] }

    init(
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

    init?(function: String, arguments: [String]) { nil }
}

extension Subject: ExpressibleByStringInterpolation {
    /// As tests write it.
    public init(stringLiteral value: String) { self.init(value) }
}

extension Undo {
    /// Of a change that nobody has to know more of.
    init(
        run: String, number: String, resource: Subject, summary: String, owner: UndoOwner = .own,
        marksOnly: Bool = false
    ) {
        self.init(
            run: run, number: number, subject: resource, summary: summary, change: nil, owner: owner,
            marksOnly: marksOnly)
    }
}
