import Foundation

@testable import SSH

/// What callbacks on other threads report.
final class Gathered: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var output: [UInt8] = []
    private(set) var error: [UInt8] = []
    private(set) var steps: [Int] = []

    func add(_ chunk: OutputChunk) {
        lock.withLock {
            switch chunk {
            case .standardOutput(let bytes): output += bytes
            case .standardError(let bytes): error += bytes
            }
        }
    }

    func progress(_ sent: Int, of total: Int) { lock.withLock { steps.append(sent) } }
}
