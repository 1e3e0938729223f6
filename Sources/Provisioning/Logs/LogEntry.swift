import HostShell
import Texts

/// What a host's journal says at one time.
package struct LogEntry: Sendable, Equatable {
    /// Microseconds since 1970, by the host's clock.
    package var time: Int
    /// Who says it, with its process where that is known: `keepalived[812]`.
    package var source: String
    package var text: String
}

/// Reads journalctl's export format, of which `host_logs` leaves the fields that are wanted: lines of `NAME=value`, entries parted by
/// empty ones (systemd's JOURNAL_EXPORT_FORMATS). Fields of several lines do not come this way; their entries say so.
package struct LogReader: Sendable {
    /// The host's clock when it began to answer, microseconds since 1970; nil before that.
    package private(set) var clock: Int?
    /// Why it cannot tell.
    package private(set) var complaint: String?
    private var lines = LineCutter()
    private var fields: [String: String] = [:]

    package init() {}

    /// The entries that are whole after this piece of output.
    package mutating func take(_ bytes: [UInt8]) -> [LogEntry] { lines.take(bytes).compactMap { take($0) } }

    private mutating func take(_ line: String) -> LogEntry? {
        if let record = Record(line: line) {
            switch record.word {
            case "clock": clock = Self.microseconds(record[1])
            case "die": complaint = record[1]
            default: break
            }
            return nil
        }
        if let equals = line.firstIndex(of: "=") {
            fields[String(line[..<equals])] = String(line[line.index(after: equals)...])
            return nil
        }
        defer { fields = [:] }
        guard line.isEmpty, let time = fields["__REALTIME_TIMESTAMP"].flatMap({ Int($0) }) else { return nil }
        let process = fields["SYSLOG_PID"] ?? fields["_PID"]
        return LogEntry(
            time: time, source: (fields["SYSLOG_IDENTIFIER"] ?? "?") + (process.map { "[\($0)]" } ?? ""),
            text: (fields["MESSAGE"] ?? "(several lines; see journalctl)").printable)
    }

    /// `date +%s.%N`.
    private static func microseconds(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let seconds = Int(parts[0]), parts.count == 2, let rest = Int(parts[1].prefix(6)) else { return nil }
        return seconds * 1_000_000 + rest
    }
}
