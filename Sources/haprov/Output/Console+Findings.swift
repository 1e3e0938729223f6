import Linting
import YAMLReading

extension Console {
    /// Shows what rules found, as everything else that is wrong with files.
    func show(_ finding: Finding) {
        show(
            Diagnostic(
                severity: finding.severity == .error ? .error : .warning, file: finding.place.file,
                line: finding.place.line, column: 1, message: finding.message, remedy: finding.remedy,
                code: finding.code), of: "lint")
    }

    /// After how long clients are served again, by what fails.
    func show(_ cases: [WorstCase]) {
        say("")
        say("Worst cases, by what the configuration says, until clients are served again:")
        for line in Layout.table(cases.map { ["  " + $0.failure.rawValue, $0.text, $0.why] }) { say(line) }
        for one in cases {
            var time = JSONValue.null
            if case .milliseconds(let milliseconds) = one.time { time = .number(milliseconds) }
            emit([
                "type": "worst-case", "failure": .text(one.failure.rawValue), "milliseconds": time,
                "never": .flag(one.time == .never), "why": .text(one.why),
            ])
        }
    }
}
