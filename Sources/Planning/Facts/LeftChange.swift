/// A change that stands although its run was interrupted or failed.
package struct LeftChange: Sendable, Equatable {
    package var run: String
    package var function: String
    package var subject: Subject
}

extension Facts {
    /// What was changed by runs which ended before this service took it up.
    package func unseen(by service: Subject) -> Set<Subject> {
        // A run that came to its end has looked after all that was left by then.
        let ended = runs.last { $0.command == "apply" && $0.result == "ok" }?.id ?? ""
        var unseen = Set<Subject>()
        for change in left where change.run > ended {
            if UnitChange.Verb(function: change.function)?.takesUpFiles == true, change.subject == service {
                unseen = []
            } else {
                unseen.insert(change.subject)
            }
        }
        return unseen
    }
}
