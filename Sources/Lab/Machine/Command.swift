import Foundation
import Provisioning

/// A program of this machine, run to its end. Its output goes to files, so that it can neither block nor be lost.
struct Command {
    /// What a program said and how it ended.
    struct Result {
        /// The exit code, or 128 and the signal's number.
        var status: Int32
        var output: String
        var errors: String
    }

    var arguments: [String]
    /// Where its output goes, both streams; nil keeps them for the result.
    var log: String?

    init(_ arguments: [String], log: String? = nil) {
        self.arguments = arguments
        self.log = log
    }

    /// Starts the program in the background.
    ///
    /// - Throws: a change failure where it cannot be started.
    func start() throws(Failure) -> RunningCommand { try RunningCommand(self) }

    /// Runs the program and waits for it.
    func run() throws(Failure) -> Result { try start().wait() }

    /// Runs the program and expects it to end well.
    ///
    /// - Returns: its standard output.
    /// - Throws: a change failure with its last words.
    @discardableResult
    func succeed(step: String, host: String? = nil, remedy: String) throws(Failure) -> String {
        let result = try run()
        guard result.status == 0 else {
            throw Failure(
                .change, host: host, step: step,
                summary: "expected \(arguments.first ?? "a program") to end with 0, found \(result.status)",
                remedy: remedy, cause: String(result.errors.suffix(600)).trimmed)
        }
        return result.output
    }
}
