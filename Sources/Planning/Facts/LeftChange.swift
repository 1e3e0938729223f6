/// A change that stands although its run was interrupted or failed.
package struct LeftChange: Sendable, Equatable {
    package var run: String
    package var function: String
    package var resource: String
}

extension Facts {
    /// The resources that were changed by runs which ended before this service took them up.
    package func unseen(by service: String) -> Set<String> {
        // A run that came to its end has looked after all that was left by then.
        let ended = runs.last { $0.command == "apply" && $0.result == "ok" }?.id ?? ""
        var unseen = Set<String>()
        for change in left where change.run > ended {
            let isTaken = ["service_start", "service_restart", "service_reload"].contains(change.function)
            if isTaken, change.resource == service { unseen = [] } else { unseen.insert(change.resource) }
        }
        return unseen
    }
}
