import HostShell
import SSH
import Synchronization
import Texts

/// Follows how many sessions a host says there are, as that arrives.
final class SessionReader: Sendable {
    private let lines = Mutex(LineCutter())
    private let last = Mutex<Int?>(nil)
    private let told: @Sendable (Int) -> Void

    init(_ told: @escaping @Sendable (Int) -> Void) { self.told = told }

    func take(_ chunk: OutputChunk) {
        guard case .standardOutput(let bytes) = chunk else { return }
        for line in lines.withLock({ $0.take(bytes) }) {
            guard let record = Record(line: line), record.word == "sessions" else { continue }
            let number = record.number(1)
            let isNew = last.withLock { last in
                defer { last = number }
                return last != number
            }
            if isNew { told(number) }
        }
    }
}
