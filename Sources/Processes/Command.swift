import Errors
import Glibc
import Subprocess
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
    package func start() async throws(Failure) -> RunningCommand { try await RunningCommand(self) }

    /// Runs the program and waits for it. Where the task is cancelled, the program is killed.
    package func run() async throws(Failure) -> Result {
        let execution = try Execution(self)
        do { return try await execution.run() } catch { throw failure(toStart: error) }
    }

    /// Runs the program and expects it to end well.
    ///
    /// - Returns: its standard output.
    /// - Throws: a change failure with its last words.
    @discardableResult
    package func succeed(step: String, host: String? = nil, remedy: String) async throws(Failure) -> String {
        let result = try await run()
        guard result.status == 0 else {
            throw Failure(
                .change, host: host, step: step,
                summary: "expected \(arguments.first ?? "a program") to end with 0, found \(result.status)",
                remedy: remedy, cause: String(result.errors.suffix(600)).trimmingBlanks())
        }
        return result.output
    }

    /// Runs the program and expects it to end well.
    ///
    /// - Returns: its standard output.
    /// - Throws: an input failure with its last words.
    @discardableResult
    package func output(step: String) async throws(Failure) -> [UInt8] {
        let result = try await run()
        guard result.status == 0 else {
            throw Failure(
                .input, step: step, summary: "\(arguments.first ?? "a program") ended with status \(result.status)",
                remedy: "Put right what the program complains of, then run haprov again.", cause: result.errors)
        }
        return result.bytes
    }

    /// Where programs are looked for, those of administrators among them.
    static var path: String {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let folders = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
        return path.isEmpty ? folders : path + ":" + folders
    }

    /// The first of these programs that can be run: on the PATH, or where a name with a slash says.
    package static func find(_ names: [String]) -> String? {
        for name in names {
            if name.contains("/") {
                if access(name, X_OK) == 0 { return name }
                continue
            }
            for folder in path.split(separator: ":") {
                let file = "\(folder)/\(name)"
                if access(file, X_OK) == 0 { return file }
            }
        }
        return nil
    }

    func failure(toStart error: any Error) -> Failure {
        let reason = (error as? SubprocessError)?.underlyingError.map { "\($0)" } ?? "\(error)"
        return Failure(
            .change, step: "run \(arguments.first ?? "")", summary: "cannot be started: \(reason)",
            remedy: "Install it, or put it on the PATH.")
    }
}
