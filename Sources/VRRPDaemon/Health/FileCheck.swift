import CLinux
import VRRP

/// A `track_file`: the number that stands in a file, looked at again and again.
final class FileCheck {
    struct Rule: Hashable {
        var path: String
        var initialValue: Int?
    }

    /// What cannot stand in it is not taken.
    private static let range = -0x8000_0000...0x8000_0000

    let rule: Rule
    private(set) var value: Int?
    /// The last look found no file, or nothing in it.
    private var wasEmpty = false
    private let loop: EventLoop
    private let log: Log
    private let onChange: (Int) -> Void
    private var next: EventLoop.Token?

    init(_ rule: Rule, loop: EventLoop, log: Log, onChange: @escaping (Int) -> Void) {
        self.rule = rule
        self.loop = loop
        self.log = log
        self.onChange = onChange
    }

    /// Writes the initial value where the file is not there, or whatever is there, and looks for the first time.
    func start(overwriting: Bool) {
        if let initial = rule.initialValue, overwriting || access(rule.path, F_OK) != 0 {
            write(initial, overwriting: overwriting)
        }
        if NetworkFileSystem.has(rule.path) {
            log(.warning, "\(rule.path) is on a network file system: the daemon stands still while that does")
        }
        look()
    }

    func stop() { if let next { loop.cancel(next) } }

    private func write(_ value: Int, overwriting: Bool) {
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (overwriting ? O_TRUNC : O_EXCL)
        let descriptor = linux_open(rule.path, flags, 0o644)
        let line = Array("\(value)\n".utf8)
        guard descriptor >= 0, CLinux.write(descriptor, line, line.count) == line.count else {
            log(.error, "\(SystemError("writing \(rule.path)"))")
            if descriptor >= 0 { close(descriptor) }
            return
        }
        close(descriptor)
    }

    private func look() {
        next = loop.schedule(after: ProcessSentinel.pollInterval) { [self] in look() }
        let finding = read()
        // A shell empties a file before it writes to it: only two looks in a row tell that nothing comes.
        let isBelieved = finding != .nothing || wasEmpty
        wasEmpty = finding == .nothing
        guard isBelieved, let found = finding.value, found != value else { return }
        value = found
        onChange(found)
    }

    private enum Finding: Hashable {
        /// No file, or an empty one.
        case nothing
        /// 0 where something else stands in it, as with keepalived.
        case number(Int)
        case tooLarge

        var value: Int? {
            switch self {
            case .nothing: 0
            case .number(let number): number
            case .tooLarge: nil
            }
        }
    }

    private func read() -> Finding {
        let descriptor = linux_open(rule.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
        guard descriptor >= 0 else { return .nothing }
        defer { close(descriptor) }
        var text = [CChar](repeating: 0, count: 128)
        guard CLinux.read(descriptor, &text, text.count - 1) > 0 else { return .nothing }
        linux_set_errno(0)
        let number = strtol(text, nil, 0)
        return linux_errno() == 0 && Self.range.contains(number) ? .number(number) : .tooLarge
    }
}
