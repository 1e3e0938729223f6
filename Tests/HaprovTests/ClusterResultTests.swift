import ArgumentParser
import Testing

@testable import haprov

@Suite struct ClusterResultTests {
    private static func result(_ name: String, _ code: ExitCode?, changes: Int = 0) -> ClusterResult {
        ClusterResult(
            inventory: "\(name).yml", cluster: name,
            outcome: code.map { Outcome(code: $0, changes: changes, run: "r") },
            seconds: 1.5)
    }

    private let all = [
        Self.result("a", .success, changes: 3), Self.result("b", .success), Self.result("c", .unreachable, changes: 2),
        Self.result("d", .changesFound, changes: 4), Self.result("e", nil),
    ]

    @Test func verdicts() {
        #expect(all.map(\.verdict) == [.changed, .unchanged, .failed, .changesFound, .notBegun])
        #expect(all.map(\.isFailure) == [false, false, true, false, false])
    }

    /// The worst, and the changes of all.
    @Test(
        arguments: [
            ([.success, .success], .success), ([.success, .changesFound], .changesFound),
            ([.changesFound, .failure], .failure), ([.failure, .verificationFailed], .verificationFailed),
            ([.unreachable, .verificationFailed, .failure], .unreachable),
            ([.interrupted, .unreachable], .interrupted),
            ([nil, .failure, nil], .failure), ([], .success),
        ] as [([ExitCode?], ExitCode)])
    func theExitCodeIsThatOfTheWorst(codes: [ExitCode?], expected: ExitCode) {
        let outcome = codes.map { Self.result("x", $0, changes: 1) }.outcome(of: "apply", interrupted: false)
        #expect(outcome.code == expected)
        #expect(outcome.changes == codes.count { $0 != nil })
    }

    /// All that were begun may have ended well by then.
    @Test func CtrlCIsToldByTheExitCode() {
        #expect([Self.result("a", .success)].outcome(of: "apply", interrupted: true).code == .interrupted)
    }

    @Test func eachHasWhatItWouldHaveAloneAndWhichItIs() throws {
        guard case .list(let clusters)? = all.outcome(of: "apply", interrupted: false).fields["clusters"] else {
            throw ExitCode.failure
        }
        #expect(
            clusters.map(\.line) == [
                #"{"changes":3,"cluster":"a","command":"apply","exit":0,"inventory":"a.yml","ok":true,"result":"changed","run":"r","seconds":1.5,"type":"cluster"}"#,
                #"{"changes":0,"cluster":"b","command":"apply","exit":0,"inventory":"b.yml","ok":true,"result":"unchanged","run":"r","seconds":1.5,"type":"cluster"}"#,
                #"{"changes":2,"cluster":"c","command":"apply","exit":4,"inventory":"c.yml","ok":false,"result":"failed","run":"r","seconds":1.5,"type":"cluster"}"#,
                #"{"changes":4,"cluster":"d","command":"apply","exit":2,"inventory":"d.yml","ok":true,"result":"changes found","run":"r","seconds":1.5,"type":"cluster"}"#,
                #"{"changes":0,"cluster":"e","command":"apply","exit":null,"inventory":"e.yml","ok":false,"result":"not begun","run":null,"seconds":0,"type":"cluster"}"#,
            ])
    }
}
