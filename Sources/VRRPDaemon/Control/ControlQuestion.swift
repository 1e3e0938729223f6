import VRRP

/// What can be asked on the control socket, and how it is written there.
enum ControlQuestion: Hashable {
    case status(asJSON: Bool)
    case statistics
    case metrics
    /// Of one router or of all; for how long.
    case resign(router: String?, seconds: Int)
    case logLevel(Log.Level)

    /// How long a router stays away that is asked to resign without saying how long.
    static let usualAbsence = 30

    /// Reads the socket's line.
    init?(_ line: String) {
        var words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)[...]
        guard let first = words.popFirst() else { return nil }
        switch (first, words.count) {
        case ("status", 0): self = .status(asJSON: false)
        case ("status-json", 0): self = .status(asJSON: true)
        case ("stats", 0): self = .statistics
        case ("metrics", 0): self = .metrics
        case ("resign", 2):
            guard let seconds = Int(words[words.startIndex + 1]), (1...86400).contains(seconds) else { return nil }
            let router = words[words.startIndex]
            self = .resign(router: router.isEmpty ? nil : router, seconds: seconds)
        case ("log-level", 1):
            guard let level = Log.Level(name: words[words.startIndex]) else { return nil }
            self = .logLevel(level)
        default: return nil
        }
    }

    /// The line, its end included. Names come from keepalived.conf, where no tabulator can be.
    var line: String {
        switch self {
        case .status(let asJSON): asJSON ? "status-json\n" : "status\n"
        case .statistics: "stats\n"
        case .metrics: "metrics\n"
        case .resign(let router, let seconds): "resign\t\(router ?? "")\t\(seconds)\n"
        case .logLevel(let level): "log-level\t\(level.name)\n"
        }
    }
}

extension Log.Level {
    private static let names: [(String, Log.Level)] = [
        ("error", .error), ("warning", .warning), ("notice", .notice), ("info", .info), ("debug", .debug),
    ]

    /// As `log-level` takes it.
    var name: String { Self.names.first { $0.1 == self }?.0 ?? "info" }

    init?(name: String) {
        guard let level = Self.names.first(where: { $0.0 == name })?.1 else { return nil }
        self = level
    }
}
