import Foundation

/// What standard input, output and error have to be before anything else is opened.
enum StandardStreams {
    static func prepare() {
        // Whoever reads our output may go away, as `head` does; hosts are not left half changed for that.
        signal(SIGPIPE, SIG_IGN)
        // Where one was closed, the next file or socket would take its number, and be written to.
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
        }
    }
}
