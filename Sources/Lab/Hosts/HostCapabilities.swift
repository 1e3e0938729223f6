import Errors

/// What root on a host may do, as the capability bounding set of its PID 1 says (capabilities(7)).
///
/// `nsenter` alone would bring the machine's own capabilities along, and with them its clock and its modules.
enum HostCapabilities {
    /// The `--bounding-set` of setpriv(1) that takes away all that a host's PID 1 has not.
    ///
    /// - Parameters:
    ///   - status: the text of the process's `/proc/PID/status`.
    ///   - last: the kernel's highest capability.
    /// - Throws: a change failure where the text names no bounding set: then nothing may be run.
    static func restriction(status: String, last: Int) throws(Failure) -> String {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("CapBnd:") }),
            let digits = line.split(whereSeparator: \.isWhitespace).last, let set = UInt64(digits, radix: 16)
        else {
            throw Failure(
                .change, step: "lab exec", summary: "the host's capabilities cannot be read",
                remedy: "Look whether it is up: haprov lab status")
        }
        return (0...last).filter { set >> UInt64($0) & 1 == 0 }.map { "-cap_\($0)" }.joined(separator: ",")
    }
}
