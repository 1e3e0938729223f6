/// A way to run scripts on one host: a real SSH connection, or a scripted fake in the tests of pure code.
package protocol HostConnection: Sendable {
    /// Runs a script by `sh` and waits for its end.
    ///
    /// - Parameters:
    ///   - script: what to run; it never becomes part of an argument list.
    ///   - deadline: seconds without any output or progress, and `total` seconds in all, after which the host is given up.
    ///   - output: called with every piece of output as it arrives, in order.
    func run(
        _ script: RemoteScript, deadline: Deadline, output: @escaping @Sendable (OutputChunk) -> Void
    ) async throws(SSHError) -> RemoteResult

    /// Ends the connection; further calls of `run` fail.
    func close() async
}

/// A script for a host, and what its standard input holds beyond it.
package struct RemoteScript: Sendable {
    /// POSIX sh, run with `LC_ALL=C`. It may hold no secret: those go into the payload. NULs are dropped.
    package var text: String
    /// What the script finds on its standard input, parts in order, no separators.
    package var payload: [Payload]
    /// Run as root by `sudo -n` where the user that logs in is not root.
    package var asRoot: Bool
    /// Called now and then with the payload's bytes sent so far and in all.
    package var progress: (@Sendable (Int, Int) -> Void)?

    /// A script that needs root, as most of them do, unless told otherwise.
    package init(
        _ text: String, payload: [Payload] = [], asRoot: Bool = true, progress: (@Sendable (Int, Int) -> Void)? = nil
    ) {
        self.text = text
        self.payload = payload
        self.asRoot = asRoot
        self.progress = progress
    }

    /// A part of the standard input.
    package enum Payload: Sendable, Equatable {
        /// As they are.
        case bytes([UInt8])
        /// A file on the controller, of `size` bytes; with an offset, so many bytes of one that holds more.
        case file(path: String, offset: Int = 0, size: Int)

        /// Bytes.
        package var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(_, _, let size): size
            }
        }
    }
}

/// A piece of what a script wrote.
package enum OutputChunk: Sendable, Equatable {
    /// From descriptor 1.
    case standardOutput([UInt8])
    /// From descriptor 2.
    case standardError([UInt8])
}

/// How a script ended.
package struct RemoteResult: Sendable, Equatable {
    /// Nil where a signal ended it or the server did not say.
    package var exitStatus: Int?
    /// The signal's name without `SIG`, where one ended it.
    package var signal: String?
    /// All of it.
    package var standardOutput: [UInt8]
    /// All of it.
    package var standardError: [UInt8]

    /// Mostly for tests with scripted hosts.
    package init(exitStatus: Int?, signal: String? = nil, standardOutput: [UInt8] = [], standardError: [UInt8] = []) {
        self.exitStatus = exitStatus
        self.signal = signal
        self.standardOutput = standardOutput
        self.standardError = standardError
    }
}

/// How long to wait for a host. Seconds.
package struct Deadline: Sendable, Equatable {
    /// Without any output or progress.
    package var idle: Double
    /// In all.
    package var total: Double

    /// Both limits in seconds.
    package init(idle: Double, total: Double) {
        self.idle = idle
        self.total = total
    }
}
