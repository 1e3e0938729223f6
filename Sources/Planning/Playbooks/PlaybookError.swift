import YAMLReading

/// What is wrong with a playbook or its templates: at least one fault, each with its place and its remedy.
package struct PlaybookError: Error, Sendable, Equatable, CustomStringConvertible {
    package let faults: [Diagnostic]

    /// - Parameter faults: those that several hosts or steps share are kept once, in the order of each file.
    package init(_ faults: [Diagnostic]) {
        var files: [String] = []
        var seen: [Diagnostic] = []
        for fault in faults where !seen.contains(fault) {
            seen.append(fault)
            if !files.contains(fault.file) { files.append(fault.file) }
        }
        self.faults = files.flatMap { file in
            seen.filter { $0.file == file }.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        }
    }

    /// Two lines a fault.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
