import Dispatch
import Errors
import Foundation
import Texts

/// A program of this machine, run to its end. Its output goes to files, so that it can neither block nor be lost.
package struct Command: Sendable {
    /// What a program said and how it ended.
    package struct Result: Sendable {
        /// The exit code, or 128 and the signal's number.
        package var status: Int32
        package var bytes: [UInt8]
        package var errors: String

        package var output: String { String(decoding: bytes, as: UTF8.self) }
    }

    package var arguments: [String]
    /// Where its output goes, both streams; nil keeps them for the result.
    package var log: String?

    package init(_ arguments: [String], log: String? = nil) {
        self.arguments = arguments
        self.log = log
    }

    /// Starts the program in the background.
    ///
    /// - Throws: a change failure where it cannot be started.
    package func start() throws(Failure) -> RunningCommand { try RunningCommand(self) }

    /// Runs the program and waits for it.
    package func run() throws(Failure) -> Result { try start().wait() }

    /// Runs the program and expects it to end well.
    ///
    /// - Returns: its standard output.
    /// - Throws: a change failure with its last words.
    @discardableResult
    package func succeed(step: String, host: String? = nil, remedy: String) throws(Failure) -> String {
        let result = try run()
        guard result.status == 0 else {
            throw Failure(
                .change, host: host, step: step,
                summary: "expected \(arguments.first ?? "a program") to end with 0, found \(result.status)",
                remedy: remedy, cause: String(result.errors.suffix(600)).trimmingBlanks())
        }
        return result.output
    }

    /// Runs the program on a thread of its own and expects it to end well.
    ///
    /// - Returns: its standard output.
    /// - Throws: an input failure with its last words.
    @discardableResult
    package func output(step: String) async throws(Failure) -> [UInt8] {
        let ended = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Swift.Result { () throws(Failure) in try run() })
            }
        }
        let result = try ended.get()
        guard result.status == 0 else {
            throw Failure(
                .input, step: step, summary: "\(arguments.first ?? "a program") ended with status \(result.status)",
                remedy: "Put right what the program complains of, then run haprov again.", cause: result.errors)
        }
        return result.bytes
    }

    /// The first of these programs that is on the PATH.
    package static func find(_ names: [String]) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for name in names {
            for folder in path.split(separator: ":") {
                let file = "\(folder)/\(name)"
                if access(file, X_OK) == 0 { return file }
            }
        }
        return nil
    }
}
