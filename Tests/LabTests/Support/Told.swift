import Foundation

/// What a `haprov … --json` said and how it ended.
struct Told: CustomStringConvertible {
    var status: Int32
    var events: [JSON]
    var errors: String
    var lines: [String]

    init(_ outcome: Program.Outcome) throws {
        status = outcome.status
        errors = outcome.errors
        lines = outcome.lines
        events = try outcome.lines.map { try JSON(line: $0) }
    }

    /// The last line. Empty where haprov was killed before it.
    var summary: JSON {
        guard let last = events.last, last["type"].text == "summary" else { return .null }
        return last
    }

    func all(_ type: String) -> [JSON] { events.filter { $0["type"].text == type } }

    /// Errors as one text a failure: kind, host, step, message, remedy and cause.
    var failures: [String] {
        all("error").map { event in
            ["kind", "host", "step", "message", "remedy", "cause"].compactMap { event[$0].text }.joined(
                separator: " | ")
        }
    }

    var description: String {
        "status \(status)\n" + lines.suffix(40).joined(separator: "\n") + "\n" + errors.suffix(4000)
    }
}
