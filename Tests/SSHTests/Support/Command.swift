import Foundation

/// Runs a program of this machine to its end.
enum Command {
    struct Result {
        var status: Int32
        var output: String
        var error: String
    }

    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], input: Data = Data(), environment: [String: String]? = nil
    ) throws -> Result {
        let directory = try TemporaryDirectory()
        let child = try ChildProcess(
            [program] + arguments, input: directory.file("input", input), output: directory.path("output"),
            error: directory.path("error"), environment: environment)
        let status = child.wait()
        return Result(status: status, output: try directory.read("output"), error: try directory.read("error"))
    }
}
