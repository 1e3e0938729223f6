import Foundation
import Testing

@testable import VRRPDaemon

/// Files that are looked at while somebody writes them.
@Suite final class FileCheckTests {
    private let file = FileManager.default.temporaryDirectory.appendingPathComponent("haprov-file-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: file) }

    private func write(_ text: String) throws { try Data(text.utf8).write(to: file) }

    /// The numbers that were found: what is done, each time between two looks, is given by the looks before it.
    private func found(_ steps: [Double: () throws -> Void], looks: Double) throws -> [Int] {
        let loop = try EventLoop()
        var found: [Int] = []
        let rule = FileCheck.Rule(path: file.path, initialValue: nil)
        let check = FileCheck(rule, loop: loop, log: Log(level: .debug) { _, _ in }) { found.append($0) }
        check.start(overwriting: false)
        var failures: [any Error] = []
        // Timers of a loop that is late run in their order all the same: between two steps lies one look.
        for (count, step) in steps {
            loop.schedule(after: ProcessSentinel.pollInterval * (count - 0.5)) {
                do { try step() } catch { failures.append(error) }
            }
        }
        loop.schedule(after: ProcessSentinel.pollInterval * (looks + 0.5)) { loop.stop() }
        loop.run()
        check.stop()
        #expect(failures.isEmpty, "\(failures)")
        return found
    }

    @Test func aFileThatIsBeingRewrittenKeepsItsNumber() throws {
        try write("7\n")
        #expect(try found([1: { try self.write("") }, 2: { try self.write("7\n") }], looks: 4) == [7])
    }

    @Test func aFileThatIsBeingWrittenAtTheStartHasTheNumberThatComes() throws {
        try write("")
        #expect(try found([1: { try self.write("7\n") }], looks: 3) == [7])
    }

    @Test func aFileThatStaysAwayCountsAsZero() throws {
        try write("7\n")
        let remove = { try FileManager.default.removeItem(at: self.file) }
        #expect(try found([1: remove], looks: 4) == [7, 0])
    }
}
