import CLinux

/// Where the daemon says what happens: lines on standard error, with syslog's priorities before them where systemd reads them.
final class Log {
    enum Level: Int32, Comparable {
        case error = 3
        case warning = 4
        case notice = 5
        case info = 6
        case debug = 7
        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// What is less urgent is left out.
    var level: Level
    private let sink: (Level, String) -> Void

    init(level: Level = .info, sink: @escaping (Level, String) -> Void) {
        self.level = level
        self.sink = sink
    }

    func callAsFunction(_ level: Level, _ message: @autoclosure () -> String) {
        if level <= self.level { sink(level, message()) }
    }
}
