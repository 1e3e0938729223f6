import Foundation
import Testing

/// What an operator does with a cluster that serves, day by day, while a client asks; what each costs is printed.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.days]))
struct DaysTests {
    /// A client that asks every millisecond, and what it saw.
    static func watched<Value>(
        _ what: String, _ lab: EndToEndLab = .days, by client: OpenLoopClient? = nil,
        _ work: (OpenLoopClient) throws -> Value
    ) throws -> (value: Value, phases: [OpenLoopClient.Phase]) {
        let client = try client ?? OpenLoopClient(lab)
        let value = try work(client)
        // What came before the first mark is nobody's.
        let phases = try client.phases().filter { $0.name != "start" }
        let figures = phases.map {
            "\($0.name): longest gap \($0.longestGap) ms, \($0.failed) of \($0.requests) failed"
        }
        FileHandle.standardOutput.write(Data("days: \(what): \(figures.joined(separator: "; "))\n".utf8))
        return (value, phases)
    }
}
