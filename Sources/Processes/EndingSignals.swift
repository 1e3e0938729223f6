import Glibc

/// The signals by which people and machines ask haprov to end.
package enum EndingSignals {
    /// Ctrl-C, `kill`, and a terminal that was closed; not the last where haprov was told to outlive that, as by nohup.
    ///
    /// To be asked before they are watched: what is watched is ignored.
    package static let watched: [Int32] = [SIGINT, SIGTERM] + (outlivesTerminal ? [] : [SIGHUP])

    /// Whether haprov was told to outlive its terminal.
    static let outlivesTerminal: Bool = {
        var action = sigaction()
        sigaction(SIGHUP, nil, &action)
        // SIG_IGN, which is no value in Swift: 1, see signal(2).
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }()
}
