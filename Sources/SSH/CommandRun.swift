import CSSH2

/// One script on one channel of a session: input and output move at the same time, so neither side can block the other.
final class CommandRun: ScriptRun {
    private let session: Session
    private let watch: Watch
    private let input: ScriptInput
    private var progress: PayloadProgress
    private var output: ScriptOutput
    private let channel: OpaquePointer
    private var hasBegun = false
    private let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 128 * 1024)
    var question: PasswordQuestion
    private var inputEnded = false
    private let betweenStreams = CommandRun.betweenStreams

    /// Bytes that a host may send ahead of our reading. libssh2's own default; more gains nothing on a local network.
    static let window: UInt32 = 2 * 1024 * 1024

    /// A terminal that passes every byte as it is and echoes none (RFC 4254 section 8): signs and line ends are left alone.
    private static let rawModes: [CChar] =
        // INPCK to ICRNL, IXON, IXOFF, IMAXBEL; ISIG, ICANON, ECHO to ECHONL, IEXTEN; OPOST, ONLCR; then CS8 on.
        [32, 33, 34, 35, 36, 38, 40, 41, 50, 51, 53, 54, 55, 56, 59, 70, 72].flatMap { [$0, 0, 0, 0, 0] }
        + [91, 0, 0, 0, 1, 0]

    /// For tests: called between the reads of the two streams, where packets may come in; whether anything moved yet.
    @TaskLocal static var betweenStreams: (@Sendable (_ moved: Bool, _ socket: Int32) -> Void)?

    /// - Parameter begin: seconds without a word after which a script that has not begun is given up.
    init(
        _ session: Session, command: RemoteCommand, access: RootAccess, endpoint: SSHEndpoint, input: ScriptInput,
        progress: (@Sendable (Int, Int) -> Void)?, watch: Watch, begin: Double,
        output: @escaping (OutputChunk) -> Void
    ) throws(SSHError) {
        self.session = session
        self.watch = watch
        self.input = input
        self.progress = PayloadProgress(progress)
        question = PasswordQuestion(command.root, access, endpoint)
        self.output = ScriptOutput(command, output)
        let opened = try Self.open(session, watch)
        channel = opened
        let line = command.line
        var code = 0
        if command.root?.terminal == true {
            code = try session.complete(watch) {
                Int(
                    libssh2_channel_request_pty_ex(
                        opened, "dumb", 4, Self.rawModes, UInt32(Self.rawModes.count), 80, 24, 0, 0))
            }
        }
        if code == 0 {
            code = try session.complete(watch) {
                Int(libssh2_channel_process_startup(opened, "exec", 4, line, UInt32(line.utf8.count)))
            }
        }
        guard code == 0 else {
            let refusal = Self.refused(session, "to run a command")
            _ = try session.complete(watch) { Int(libssh2_channel_free(opened)) }
            throw refusal
        }
        watch.limitIdle(to: begin)
    }

    deinit { buffer.deallocate() }

    func finish() throws(SSHError) -> (result: RemoteResult, output: ScriptOutput) {
        do throws(SSHError) { return try move() } catch {
            if error.code == .timedOut, !output.began {
                throw .notBegunInTime(
                    output.noise + output.standardError, root: question.root, user: question.endpoint.user,
                    seconds: watch.isSilent ? watch.idle : nil)
            }
            // The other side waits for an answer that it does not get.
            if error.code == .sudoRefused { _ = try session.complete(watch) { Int(libssh2_channel_free(channel)) } }
            throw error
        }
    }

    private func move() throws(SSHError) -> (result: RemoteResult, output: ScriptOutput) {
        progress.report(input, always: true)
        while true {
            let received = session.context.received
            var moved = try send()
            moved = try receive(0) || moved
            betweenStreams?(moved, session.descriptor)
            moved = try receive(SSH_EXTENDED_DATA_STDERR) || moved
            moved = try answer() || moved
            if moved {
                watch.touch()
                progress.report(input)
            } else if libssh2_channel_eof(channel) == 1 {
                // The end of output is not the end of the script: it may have closed its output and still read.
                let code = libssh2_channel_wait_closed(channel)
                if code == 0 { break }
                if code != LIBSSH2_ERROR_EAGAIN { throw lost() }
            }
            try watch.check()
            // Each of these calls may have taken off the socket what one before it looked for: output, the channel's
            // end, room for more input. Nothing would announce that again.
            if !moved, session.context.received == received { try session.wait(watch) }
        }
        progress.report(input, always: true)
        output.end()
        let result = RemoteResult(
            exitStatus: nil, signal: exitSignal(), standardOutput: output.standardOutput,
            standardError: output.standardError)
        var complete = result
        // Read once the channel is closed: libssh2 says 0 as long as it does not know.
        if result.signal == nil { complete.exitStatus = Int(libssh2_channel_get_exit_status(channel)) }
        _ = try session.complete(watch) { Int(libssh2_channel_free(channel)) }
        return (complete, output)
    }

    /// Answers the question for the password; true where it did.
    private func answer() throws(SSHError) -> Bool {
        if output.began, !hasBegun {
            hasBegun = true
            watch.limitIdle(to: watch.allowedIdle)
        }
        guard let line = try question.answer(to: output, watch) else { return false }
        var rest = line.map(CChar.init(bitPattern:))
        while !rest.isEmpty {
            let count = try session.complete(watch) { libssh2_channel_write_ex(channel, 0, rest, rest.count) }
            guard count > 0 else { throw lost() }
            rest.removeFirst(count)
        }
        return true
    }

    /// Sends what the host will take; true where something went.
    private func send() throws(SSHError) -> Bool {
        guard question.letsPass(output) else { return false }
        var moved = false
        // Output that has piled up meanwhile must not wait for the end of a large upload.
        for _ in 0..<16 where !inputEnded {
            guard let bytes = try input.next() else {
                let code = try repeated { Int(libssh2_channel_send_eof(channel)) }
                if Session.isLoss(code) { throw lost() }
                inputEnded = true
                return true
            }
            let start = bytes.bindMemory(to: CChar.self)
            let count = try repeated { libssh2_channel_write_ex(channel, 0, start.baseAddress, start.count) }
            if count == 0 || count == Int(LIBSSH2_ERROR_EAGAIN) { return moved }
            if count < 0 {
                if Session.isLoss(count) { throw lost() }
                // The script ended without reading all of its input: not an error of the connection.
                inputEnded = true
                return moved
            }
            input.advance(count)
            moved = true
            progress.report(input)
        }
        return moved
    }

    /// Takes what one stream holds; true where something came.
    private func receive(_ stream: Int32) throws(SSHError) -> Bool {
        var moved = false
        while true {
            let count = try repeated {
                libssh2_channel_read_ex(channel, stream, buffer.baseAddress, buffer.count)
            }
            if count == 0 || count == Int(LIBSSH2_ERROR_EAGAIN) { return moved }
            if count < 0 {
                if Session.isLoss(count) { throw lost() }
                throw .connectionLost(.command, session.lossReason)
            }
            moved = true
            let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
            output.write(bytes, toError: stream != 0)
            // Both streams in turn: a flood on one must not hold up the other, nor the deadline.
            if count == buffer.count { return true }
        }
    }

    /// Makes a call again as long as a part of its packet has not left: any other call would corrupt the stream.
    private func repeated(_ call: () -> Int) throws(SSHError) -> Int {
        while true {
            let result = call()
            guard result == Int(LIBSSH2_ERROR_EAGAIN), session.mustSend else { return result }
            try session.waitToSend(watch)
        }
    }

    private func exitSignal() -> String? {
        var name: UnsafeMutablePointer<CChar>?
        var size = 0
        guard
            libssh2_channel_get_exit_signal(channel, &name, &size, nil, nil, nil, nil) == 0, let name
        else { return nil }
        defer { libssh2_free(session.handle, name) }
        return size > 0 ? String(cString: name) : nil
    }

    private func lost() -> SSHError { .connectionLost(.command, session.lossReason) }
}
