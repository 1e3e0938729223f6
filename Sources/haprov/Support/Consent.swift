import Errors
import Foundation
import Planning
import Provisioning

/// Asks before hosts are changed.
enum Consent {
    /// - Throws: where the answer is no, where nobody is there to ask, or on Ctrl-C.
    static func ask(_ question: String, yes: Bool, console: Console) throws(Failure) {
        if yes { return }
        guard ["y", "yes"].contains(try answer("\(question) Go on? [y/N] ", console)) else { throw no("y to go on") }
    }

    /// What to do about a run that did not come to its end.
    enum Choice { case goOn, undo }

    /// As ``ask(_:yes:console:)``, where a run stands that did not come to its end.
    ///
    /// - Parameters:
    ///   - unfinished: that one.
    ///   - run: what is to go on with it.
    static func ask(
        _ question: String, about unfinished: UnfinishedRun, for run: RunIdentity, yes: Bool, console: Console
    ) throws(Failure) -> Choice {
        let objection = unfinished.objection(to: run)
        if yes, let objection {
            let end = unfinished.isInterrupted ? "did not come to its end" : "has failed"
            throw Failure(
                .preflight, step: "unfinished run",
                summary: "run \(unfinished.id) of \(unfinished.run.fact.operatorName) \(end), and \(objection)",
                remedy: "--yes goes on only with one's own run, as it was begun. `haprov apply` at a terminal shows "
                    + "it and asks; `haprov rollback` takes it back.")
        }
        // To mend what failed under his own hands is what he is at.
        if yes || (objection == nil && !unfinished.isInterrupted) {
            try ask(question, yes: yes, console: console)
            return .goOn
        }
        switch try answer("\(question) Go on with it, undo that run, or neither? [g/u/N] ", console) {
        case "g", "go", "go on": return .goOn
        case "u", "undo": return .undo
        default: throw no("g to go on, or u to take that run back")
        }
    }

    /// Asks whether to do what need not be done; it is not, where nobody is there to ask.
    static func offer(_ question: String, console: Console) -> Bool {
        ["y", "yes"].contains((try? answer("\(question) [y/N] ", console)) ?? "")
    }

    private static func no(_ remedy: String) -> Failure {
        Failure(.cancelled, step: "consent", summary: "nothing was done", remedy: "Answer \(remedy).")
    }

    /// - Throws: where nobody is there to ask.
    private static func answer(_ question: String, _ console: Console) throws(Failure) -> String {
        guard !console.isJSON, isatty(STDIN_FILENO) == 1 else {
            throw Failure(
                .cancelled, step: "consent",
                summary: console.isJSON
                    ? "nobody is here to ask: --json is for programs"
                    : "nobody is here to ask: standard input is no terminal",
                remedy: "Give --yes once you have read `haprov plan`.")
        }
        console.ask(question)
        let answer = TypedLine.read(from: STDIN_FILENO)
        if answer == nil { console.say() }
        return answer?.trimmingCharacters(in: .whitespacesAndNewlines).lowercased() ?? ""
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
