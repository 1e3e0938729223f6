import CSSH2

// The channel, before anything is sent through it.
extension CommandRun {
    /// Opens a channel.
    ///
    /// sshd puts a session away a moment after it has agreed to its end: where `MaxSessions` is 1, a channel that is asked for in
    /// the same breath is refused (seen with OpenSSH 9.2, every second time). It is asked for again for some ten seconds, since
    /// the host may be busy.
    static func open(_ session: Session, _ watch: Watch) throws(SSHError) -> OpaquePointer {
        var rest = session.channelsOpened > 0 ? 100 : 0
        var pause = 0.005
        while true {
            let opened = try session.completePointer(watch) {
                libssh2_channel_open_ex(session.handle, "session", 7, window, 32768, nil, 0)
            }
            if let opened {
                session.channelsOpened += 1
                return opened
            }
            guard rest > 0, libssh2_session_last_errno(session.handle) == LIBSSH2_ERROR_CHANNEL_FAILURE else {
                throw refused(session, "a channel")
            }
            rest -= 1
            try watch.pause(pause)
            pause = min(pause * 2, 0.1)
        }
    }

    static func refused(_ session: Session, _ what: String) -> SSHError {
        if Session.isLoss(Int(libssh2_session_last_errno(session.handle))) {
            return .connectionLost(.command, session.lossReason)
        }
        return SSHError(
            code: .shellRefused, stage: .command, message: "sshd refused \(what): \(session.lastError)",
            remedy: "look at MaxSessions, ForceCommand and the user's authorized_keys options in the host's sshd set-up"
        )
    }
}
