import Foundation
import Provisioning

/// The controller's clock and its user, for the journal.
enum Clock {
    /// ISO 8601, UTC, to the second.
    @Sendable static func now() -> String { stamp("%Y-%m-%dT%H:%M:%SZ") }

    /// Since 1970.
    static var seconds: Int { Foundation.time(nil) }

    /// - Parameter time: seconds since 1970; now where nil.
    static func stamp(_ format: String, at time: time_t? = nil) -> String {
        var time = time ?? Foundation.time(nil)
        var parts = tm()
        gmtime_r(&time, &parts)
        return text(format, parts)
    }

    /// The same by this machine's time zone.
    static func local(_ format: String, at time: time_t) -> String {
        var time = time
        var parts = tm()
        localtime_r(&time, &parts)
        return text(format, parts)
    }

    private static func text(_ format: String, _ parts: tm) -> String {
        var parts = parts
        var buffer = [CChar](repeating: 0, count: 64)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension RunIdentity {
    /// A run that begins now.
    ///
    /// - Parameter reason: why, as the user says.
    static func new(_ command: String, reason: String) -> RunIdentity {
        let random = String(UInt16.random(in: 0x1000...0xFFFF), radix: 16)
        return RunIdentity(
            id: Clock.stamp("%Y%m%dT%H%M%SZ") + "-" + random, command: command,
            operatorName: person, started: Clock.now(), reason: reason)
    }

    /// Who is at work here, behind sudo too: `user@machine`.
    static var person: String {
        let user = ProcessInfo.processInfo.environment["SUDO_USER"] ?? NSUserName()
        return "\(user)@\(ProcessInfo.processInfo.hostName)"
    }
}

extension ContinuousClock.Instant {
    /// Seconds from then until now, to a tenth.
    var secondsSince: Double {
        let elapsed = (ContinuousClock.now - self).components
        let tenths = Double(elapsed.seconds * 10 + elapsed.attoseconds / 100_000_000_000_000_000)
        return tenths / 10
    }
}
