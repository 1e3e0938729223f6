import Foundation
import Testing

/// The service as users get it, on real hosts: the suites below it run one after the other and share labs.
///
/// Needs root, HAPROV_LAB_TESTS=1 and the tarballs in the folder $HAPROV_TEST_TARBALLS. The first test compiles.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.main, .dead]))
enum EndToEndTests {}

/// Takes the labs down after the last test, and clears up before the first what an earlier run left.
struct EndToEndTrait: SuiteTrait, TestScoping {
    /// Of one home.
    let labs: [EndToEndLab]
    /// Whether the tests run at all.
    var isAsked = EndToEndTrait.isAsked

    static var isAsked: Bool { ProcessInfo.processInfo.environment["HAPROV_LAB_TESTS"] == "1" && geteuid() == 0 }

    /// The whole matrix, which no change has to pass.
    static var arePlatformsAsked: Bool {
        isAsked && ProcessInfo.processInfo.environment["HAPROV_PLATFORM_TESTS"] == "1"
    }

    /// Tests that take many minutes each; others see the same from nearby.
    static var areLongAsked: Bool { isAsked && ProcessInfo.processInfo.environment["HAPROV_LONG_TESTS"] == "1" }

    /// Runs that end at any moment.
    static var areCrashesAsked: Bool {
        isAsked && ProcessInfo.processInfo.environment["HAPROV_CRASH_POINTS"] != nil
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard isAsked, !EndToEndLab.isKept else { return try await function() }
        _ = try EndToEndLab.tarballs()
        for lab in labs { try lab.down() }
        let homes = Set(labs.map(\.home))
        for home in homes { try? FileManager.default.removeItem(atPath: home) }
        var failure: (any Error)?
        do { try await function() } catch { failure = error }
        for lab in labs { try lab.down() }
        for home in homes { try? FileManager.default.removeItem(atPath: home) }
        if let failure { throw failure }
    }
}

extension Trait where Self == ConditionTrait {
    /// A test that `make test-long` runs and `make test` does not: others see the same from nearby, or a part of it.
    static var long: Self { .enabled(if: EndToEndTrait.areLongAsked, "set HAPROV_LONG_TESTS=1") }
}
