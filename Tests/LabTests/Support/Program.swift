import Foundation

/// Why a test could not go on.
struct Trouble: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// A child of the tests, whose output is read line by line while it runs. It has no terminal.
final class Program {
    /// What became of it.
    struct Outcome: CustomStringConvertible {
        /// The exit status, or the negative number of the signal that ended it.
        var status: Int32
        var lines: [String]
        var errors: String

        var output: String { lines.map { $0 + "\n" }.joined() }
        var description: String {
            "status \(status)\n\(lines.suffix(40).joined(separator: "\n"))\n\(errors.suffix(4000))"
        }
    }

    let id: pid_t
    private let output: FileHandle
    private let input: FileHandle?
    private let errors: String
    private let name: String

    /// - Parameter input: its standard input; /dev/null where nil.
    init(_ command: [String], input text: String? = nil, environment: [String: String] = [:]) throws {
        name = command.prefix(4).joined(separator: " ")
        errors = NSTemporaryDirectory() + "haprov-test-" + UUID().uuidString
        let pipe = Pipe()
        output = pipe.fileHandleForReading
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let text {
            let file = errors + ".in"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            input = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            try FileManager.default.removeItem(atPath: file)
            posix_spawn_file_actions_adddup2(&actions, input?.fileDescriptor ?? 0, 0)
        } else {
            input = nil
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, pipe.fileHandleForWriting.fileDescriptor, 1)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var all = ProcessInfo.processInfo.environment
        all.merge(environment) { $1 }
        var arguments = command.map { strdup($0) } + [nil]
        var variables = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of the tests block signals; a child that inherited this could not be interrupted.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // Tests may have been told to outlive their terminal, which haprov would take for itself.
        var hangup = sigset_t()
        sigemptyset(&hangup)
        sigaddset(&hangup, SIGHUP)
        posix_spawnattr_setsigdefault(&attributes, &hangup)
        // POSIX_SPAWN_SETSID, which Glibc's module does not show, is 0x80.
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | 0x80)
        var child: pid_t = 0
        let code = posix_spawnp(&child, command[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw Trouble("\(command[0]): \(String(cString: strerror(code)))") }
        id = child
        // The test runner's own words come in large pieces when nobody sits at a terminal: this shows that it goes on.
        if command.contains(where: { ["apply", "verify", "rollback", "up"].contains($0) }) {
            let words = command.drop { !$0.hasSuffix("haprov") }.dropFirst().filter { !$0.hasPrefix("/") }
            FileHandle.standardOutput.write(Data("lab: haprov \(words.joined(separator: " "))\n".utf8))
        }
        try pipe.fileHandleForWriting.close()
    }

    /// Reads its output to the end and waits for it.
    ///
    /// - Parameters:
    ///   - seconds: after which it is killed and an error thrown: generous, for programs that hang.
    ///   - line: called with every line as it comes.
    func finish(within seconds: Double = 1800, line: (String) throws -> Void = { _ in }) throws -> Outcome {
        let end = Date(timeIntervalSinceNow: seconds)
        var lines: [String] = []
        var pending = Data()
        var isLate = false
        reading: while true {
            var descriptor = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
            let left = end.timeIntervalSinceNow
            if left <= 0 {
                isLate = true
                kill(id, SIGKILL)
                break
            }
            guard poll(&descriptor, 1, Int32(min(left, 60) * 1000)) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 65536)
            let count = read(output.fileDescriptor, &bytes, bytes.count)
            if count <= 0 { break reading }
            pending.append(contentsOf: bytes[..<count])
            while let newline = pending.firstIndex(of: 10) {
                let text = String(decoding: pending[pending.startIndex..<newline], as: UTF8.self)
                pending = Data(pending[(newline + 1)...])
                lines.append(text)
                try line(text)
            }
        }
        if !pending.isEmpty { lines.append(String(decoding: pending, as: UTF8.self)) }
        var raw: Int32 = 0
        while waitpid(id, &raw, 0) < 0, errno == EINTR {}
        let status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : -(raw & 0x7f)
        let complaint = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        try? FileManager.default.removeItem(atPath: errors)
        let outcome = Outcome(status: status, lines: lines, errors: complaint)
        if isLate { throw Trouble("\(name) did not end within \(seconds) s: \(outcome)") }
        return outcome
    }

    static func run(
        _ command: [String], input: String? = nil, environment: [String: String] = [:], within seconds: Double = 1800
    ) throws -> Outcome {
        try Program(command, input: input, environment: environment).finish(within: seconds)
    }
}
