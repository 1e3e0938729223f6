import Foundation
import Provisioning

/// Asks before hosts are changed.
enum Consent {
    /// - Throws: where the answer is no, or where nobody is there to ask.
    static func ask(_ question: String, yes: Bool, console: Console) throws(Failure) {
        if yes { return }
        guard !console.isJSON, isatty(STDIN_FILENO) == 1 else {
            throw Failure(
                .cancelled, step: "consent", summary: "nobody is here to ask: standard input is no terminal",
                remedy: "Give --yes once you have read `haprov plan`.")
        }
        print("\(question) [y/N] ", terminator: "")
        fflush(nil)
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw Failure(.cancelled, step: "consent", summary: "nothing was done", remedy: "Answer y to go on.")
        }
    }
}
