import ArgumentParser
import Errors
import Provisioning

extension ExitCode {
    static let changesFound = ExitCode(2)
    static let verificationFailed = ExitCode(3)
    static let unreachable = ExitCode(4)
    static let interrupted = ExitCode(130)

    /// Of several commands' codes the one that a script has to know of first.
    static func worst(of codes: [ExitCode]) -> ExitCode {
        let order: [ExitCode] = [.interrupted, .unreachable, .verificationFailed, .failure, .changesFound]
        return order.first(where: codes.contains) ?? codes.first { $0 != .success } ?? .success
    }

    /// The code that tells most about these failures.
    init(_ failures: [Failure]) {
        if failures.contains(where: { $0.kind == .unreachable }) {
            self = .unreachable
        } else if failures.contains(where: { $0.kind == .cancelled }) {
            self = .interrupted
        } else if failures.contains(where: { $0.kind == .verification }) {
            self = .verificationFailed
        } else {
            self = .failure
        }
    }
}
