import CLinux
import Glibc

/// One script of a shell of this machine: input and output move at the same time, so neither side can block the other.
final class LocalRun: ScriptRun {
    private let watch: Watch
    private let input: ScriptInput
    private var progress: PayloadProgress
    private var output: ScriptOutput
    var question: PasswordQuestion
    private let process: pid_t
    private var hasEnded = false
    /// Tells when one of the three is ready.
    private let readiness: Int32
    /// A socket, since writing to a pipe that nobody reads would end haprov. Negative once it is closed, as all of them.
    private var standardInput: Int32
    private var standardOutput: Int32
    private var standardError: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 * 1024, alignment: 16)
    /// Between two looks whether a script has ended that has closed its output: there is no descriptor for that before
    /// Linux 5.3. Seconds.
    private static let interval = 0.02

    init(
        _ command: RemoteCommand, access: RootAccess, endpoint: SSHEndpoint, input: ScriptInput,
        progress: (@Sendable (Int, Int) -> Void)?, watch: Watch, output: @escaping (OutputChunk) -> Void
    ) throws(SSHError) {
        guard command.root?.terminal != true else { throw .localTerminal(endpoint.user) }
        self.watch = watch
        self.input = input
        self.progress = PayloadProgress(progress)
        self.output = ScriptOutput(command, output)
        question = PasswordQuestion(command.root, access, endpoint)
        var pairs: [Int32] = []
        defer { pairs.forEach { Glibc.close($0) } }
        for _ in 0..<3 {
            var pair: [Int32] = [-1, -1]
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw .noDescriptors(errno) }
            pairs += pair
        }
        readiness = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard readiness >= 0 else { throw .noDescriptors(errno) }
        do throws(SSHError) {
            process = try Self.start(command.line, [pairs[1], pairs[3], pairs[5]])
        } catch {
            Glibc.close(readiness)
            throw error
        }
        (standardInput, standardOutput, standardError) = (pairs[0], pairs[2], pairs[4])
        pairs = [pairs[1], pairs[3], pairs[5]]
        // The script may read its input to the end, and its output is nobody's input.
        shutdown(standardInput, Int32(SHUT_RD))
        for descriptor in [standardInput, standardOutput, standardError] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            var event = epoll_event()
            event.events = descriptor == standardInput ? 0 : EPOLLIN.rawValue
            epoll_ctl(readiness, EPOLL_CTL_ADD, descriptor, &event)
        }
        watch.touch()
    }

    deinit {
        for descriptor in [standardInput, standardOutput, standardError, readiness] where descriptor >= 0 {
            Glibc.close(descriptor)
        }
        if !hasEnded { Self.reap(process) }
        buffer.deallocate()
    }

    /// What the shell has of haprov's environment: whatever secrets that holds are no script's.
    private static var environment: [String] {
        RemoteCommand.kept.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
    }

    /// Starts the shell that stands for a login's, with none of this process's signals, descriptors and terminals.
    static func start(_ line: String, _ streams: [Int32]) throws(SSHError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Ctrl-C is haprov's to answer.
        attributes.startSession()
        var words = ["sh", "-c", line].map { strdup($0 as String) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process = pid_t()
        let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, &words, &variables)
        guard code == 0 else { throw .noDescriptors(code) }
        return process
    }

    func finish() throws(SSHError) -> (result: RemoteResult, output: ScriptOutput) {
        progress.report(input, always: true)
        while true {
            var moved = try send()
            moved = receive(&standardOutput, toError: false) || moved
            moved = receive(&standardError, toError: true) || moved
            moved = try answer() || moved
            try watch.check()
            if moved {
                watch.touch()
                progress.report(input)
            } else if standardOutput >= 0 || standardError >= 0 {
                try watch.wait(readiness, POLLIN)
            } else if let status = ended() {
                progress.report(input, always: true)
                output.end()
                let signal = status & 0x7F
                return (
                    RemoteResult(
                        exitStatus: signal == 0 ? Int(status >> 8 & 0xFF) : nil,
                        signal: signal == 0 ? nil : linux_signal_name(signal).map { String(cString: $0) },
                        standardOutput: output.standardOutput, standardError: output.standardError), output
                )
            } else {
                // The end of output is not the end of the script: it may have closed its output and still work.
                try watch.wait(-1, 0, atMost: Self.interval)
            }
        }
    }

    private func ended() -> Int32? {
        var status: Int32 = 0
        guard waitpid(process, &status, WNOHANG) == process else { return nil }
        hasEnded = true
        return status
    }

    /// Waits for a script that was given up, however long it goes on: it would stay a zombie.
    private static func reap(_ process: pid_t) {
        guard waitpid(process, nil, WNOHANG) == 0 else { return }
        _ = DetachedThread.start { while waitpid(process, nil, 0) < 0, errno == EINTR {} }
    }

    private func answer() throws(SSHError) -> Bool {
        guard let line = try question.answer(to: output, watch) else { return false }
        // A line fits any socket's buffer.
        if Glibc.send(standardInput, line, line.count, Int32(MSG_NOSIGNAL)) != line.count { endInput() }
        return true
    }

    /// Sends what the script will take; true where something went.
    private func send() throws(SSHError) -> Bool {
        guard standardInput >= 0, question.letsPass(output) else { return false }
        var moved = false
        // Output that has piled up meanwhile must not wait for the end of a large upload.
        for _ in 0..<16 {
            guard let bytes = try input.next() else {
                endInput()
                return true
            }
            let count = Glibc.send(standardInput, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count < 0, errno == EAGAIN || errno == EINTR {
                waitToSend(true)
                return moved
            }
            guard count > 0 else {
                // The script ended without reading all of its input.
                endInput()
                return moved
            }
            input.advance(count)
            moved = true
        }
        waitToSend(false)
        return moved
    }

    private func waitToSend(_ isWanted: Bool) {
        var event = epoll_event()
        event.events = isWanted ? EPOLLOUT.rawValue : 0
        epoll_ctl(readiness, EPOLL_CTL_MOD, standardInput, &event)
    }

    private func endInput() {
        Glibc.close(standardInput)
        standardInput = -1
    }

    /// Takes what one stream holds; true where something came.
    private func receive(_ descriptor: inout Int32, toError: Bool) -> Bool {
        guard descriptor >= 0 else { return false }
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count > 0 {
            output.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), toError: toError)
            return true
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return false }
        Glibc.close(descriptor)
        descriptor = -1
        return true
    }
}
