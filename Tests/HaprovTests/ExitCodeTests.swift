import ArgumentParser
import Errors
import Provisioning
import Testing

@testable import haprov

@Suite struct ExitCodeTests {
    private static func failure(_ kind: Failure.Kind) -> Failure {
        Failure(kind, host: "haproxy1", step: "step", summary: "summary", remedy: "remedy")
    }

    @Test(
        arguments: zip(
            [Failure.Kind.input, .unreachable, .preflight, .change, .verification, .locked, .cancelled]
                as [Failure.Kind],
            [1, 4, 1, 1, 3, 1, 130] as [Int32]))
    func eachKindHasItsCode(kind: Failure.Kind, code: Int32) {
        #expect(ExitCode([Self.failure(kind)]).rawValue == code)
    }

    @Test func theMostTellingCodeWins() {
        #expect(ExitCode([.change, .unreachable].map(Self.failure)).rawValue == 4)
        #expect(ExitCode([.change, .verification].map(Self.failure)).rawValue == 3)
        #expect(ExitCode([.verification, .cancelled].map(Self.failure)).rawValue == 130)
    }
}
