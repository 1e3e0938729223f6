import Errors
import SSH

extension Failure {
    package init(_ error: SSHError, host: String) {
        let kind: Kind =
            switch error.code {
            case .cancelled: .cancelled
            case .localFile: .input
            default: .unreachable
            }
        self.init(kind, host: host, step: error.stage.rawValue, summary: error.message, remedy: error.remedy)
    }
}
