import Errors
import Foundation
import Planning
import Provisioning

/// Asks before hosts are changed.
enum Consent {
    /// - Throws: where the answer is no, where nobody is there to ask, or on Ctrl-C.
    static func ask(_ question: String, yes: Bool, console: Console) throws(Failure) {
        if yes { return }
        guard !console.isJSON, isatty(STDIN_FILENO) == 1 else {
            throw Failure(
                .cancelled, step: "consent",
                summary: console.isJSON
                    ? "nobody is here to ask: --json is for programs"
                    : "nobody is here to ask: standard input is no terminal",
                remedy: "Give --yes once you have read `haprov plan`.")
        }
        console.ask("\(question) Go on? [y/N] ")
        let answer = TypedLine.read(from: STDIN_FILENO)
        if answer == nil { console.say() }
        guard ["y", "yes"].contains(answer?.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()) else {
            throw Failure(.cancelled, step: "consent", summary: "nothing was done", remedy: "Answer y to go on.")
        }
    }
}

extension Plan {
    /// `67 changes and 2 compilations`.
    var amount: String {
        let changes = Layout.count(changeCount, "change")
        return builds.isEmpty ? changes : "\(changes) and \(Layout.count(builds.count, "compilation"))"
    }

    /// What the user is asked to agree to.
    var question: String {
        let hosts = Set(hosts.filter { $0.changeCount > 0 }.map(\.host)).union(builds.map(\.host))
        let verb = purpose == .apply ? "" : changeCount == 1 ? " is taken back" : " are taken back"
        return "\(amount)\(verb) on \(Layout.count(hosts.count, "host")) in cluster \(cluster)."
    }
}
