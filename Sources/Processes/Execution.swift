import Errors
import Glibc
import Subprocess
import SystemPackage

/// A command on its way: what it is to be and where its output goes.
struct Execution: Sendable {
    private let arguments: [String]
    private let output: ScratchFile
    private let errors: ScratchFile
    private let outlivesTerminal: Bool

    /// - Parameter outlivesTerminal: whether it goes on where the terminal is closed.
    /// - Throws: a change failure where there is no place for its output.
    init(_ command: Command, outlivesTerminal: Bool = EndingSignals.outlivesTerminal) throws(Failure) {
        arguments = command.arguments
        self.outlivesTerminal = outlivesTerminal
        do throws(Errno) {
            if let log = command.log {
                output = try ScratchFile(appendingTo: log)
                errors = output
            } else {
                output = try ScratchFile()
                errors = try ScratchFile()
            }
        } catch {
            throw Failure(
                .change, step: "run \(command.arguments.first ?? "")",
                summary: "cannot open a file for its output: \(error)",
                remedy: "Look at the free space of /tmp and at the rights of \(command.log ?? "/tmp").")
        }
    }

    /// Starts the program and waits for its end. It inherits none of this process's descriptors, and no signal that is
    /// blocked or ignored here: a host of the lab could not be stopped otherwise, and Ctrl-C would not end it. One is
    /// passed on: who told haprov to outlive its terminal means all of it.
    ///
    /// Where the task is cancelled, the program is killed.
    ///
    /// - Parameter begun: told once it runs.
    /// - Throws: why it cannot be started.
    func run(begun: (pid_t) -> Void = { _ in }) async throws -> Command.Result {
        var words = arguments
        if outlivesTerminal {
            // nohup would start all the same, and end by itself.
            guard let name = words.first, Command.find([name]) != nil else { throw Errno.noSuchFileOrDirectory }
            words.insert("nohup", at: 0)
        }
        let program = words.first ?? ""
        let ended = try await Subprocess.run(
            Configuration(
                executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
                arguments: Arguments(executablePathOverride: program, remainingValues: Array(words.dropFirst())),
                environment: .inherit.updating(Self.settings)),
            input: .none, output: .fileDescriptor(output.descriptor, closeAfterSpawningProcess: false),
            error: .fileDescriptor(errors.descriptor, closeAfterSpawningProcess: false)
        ) { execution in begun(execution.processIdentifier.value) }
        let status: Int32 =
            switch ended.terminationStatus {
            case .exited(let code): code
            case .signaled(let number): 128 + number
            }
        return Command.Result(
            status: status, bytes: output.bytes, errors: String(decoding: errors.bytes, as: UTF8.self))
    }

    /// Children speak English and find the programs of administrators.
    private static var settings: [Environment.Key: String?] { ["PATH": Command.path, "LC_ALL": "C"] }
}
