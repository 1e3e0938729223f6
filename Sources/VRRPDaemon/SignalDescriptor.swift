import CLinux

/// Signals as something to be read: signalfd(2).
final class SignalDescriptor {
    let descriptor: Int32

    /// From now on these signals do nothing but wait to be read.
    init(_ signals: [Int32]) throws(SystemError) {
        var set = Self.set(signals)
        sigprocmask(SIG_BLOCK, &set, nil)
        descriptor = signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        guard descriptor >= 0 else { throw SystemError("watching for signals") }
    }

    deinit { close(descriptor) }

    /// Reads all that wait.
    func read(_ body: (Int32) -> Void) {
        var information = signalfd_siginfo()
        while CLinux.read(descriptor, &information, MemoryLayout<signalfd_siginfo>.size) > 0 {
            body(Int32(information.ssi_signo))
        }
    }

    static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }
}
