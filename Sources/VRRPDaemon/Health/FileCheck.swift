import Glibc
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
        if let initial = rule.initialValue, overwriting || access(rule.path, F_OK) != 0 { write(initial) }
        look()
    }

    func stop() { if let next { loop.cancel(next) } }

    private func write(_ value: Int) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let descriptor = open(rule.path, flags, 0o644)
        let line = Array("\(value)\n".utf8)
        guard descriptor >= 0, Glibc.write(descriptor, line, line.count) == line.count else {
            log(.error, "\(SystemError("writing \(rule.path)"))")
            if descriptor >= 0 { close(descriptor) }
            return
        }
        close(descriptor)
    }

    private func look() {
        next = loop.schedule(after: ProcessSentinel.pollInterval) { [unowned self] in look() }
        guard let found = read(), found != value else { return }
        value = found
        onChange(found)
    }

    /// 0 where there is no file, or no number in it, as with keepalived; nil where the number is too large.
    private func read() -> Int? {
        let descriptor = open(rule.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var text = [CChar](repeating: 0, count: 128)
        guard Glibc.read(descriptor, &text, text.count - 1) > 0 else { return 0 }
        errno = 0
        let number = strtol(text, nil, 0)
        return errno == 0 && Self.range.contains(number) ? number : nil
    }
}
