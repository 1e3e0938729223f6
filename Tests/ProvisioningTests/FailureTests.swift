import Errors
import Foundation
import PlanningSamples
import SSH
import Testing

@testable import Provisioning

@Suite("Every failure says what to do next")
struct FailureTests {
    @Test(arguments: SSHError.Code.allCases)
    func ofAConnection(code: SSHError.Code) {
        let error = SSHError(code: code, stage: .authentication, message: "m", remedy: "do this")
        let failure = Failure(error, host: "h1")
        let expected: Failure.Kind =
            switch code {
            case .cancelled: .cancelled
            case .localFile: .input
            default: .unreachable
            }
        #expect(failure.kind == expected)
        #expect(failure.host == "h1" && failure.step == "authentication" && failure.summary == "m")
        #expect(failure.remedy == "do this")
    }

    @Test("No remedy in the sources is empty")
    func remedies() throws {
        let sources = Samples.repository + "/Sources"
        var found = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: sources) where name.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(sources)/\(name)", encoding: .utf8)
            for match in text.matches(of: /remedy:\s*"([^"]*)/) {
                found += 1
                #expect(match.1.count > 8, "\(name): \(match.0)")
            }
        }
        #expect(found > 50, "the search has to find them")
    }
}
