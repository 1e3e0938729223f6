/// Runs a command of the playbook's.
package struct RunCommand: Change {
    package static let functions = ["command_run"]
    package var function: String { "command_run" }
    package var name: String
    /// Words parted by blanks, as in `undo`.
    package var run: String
    package var undo: String
    /// What is found before; it has to end in the other way afterwards.
    package var expected: CommandCondition

    package var arguments: [String] {
        [name, run, undo, CommandCondition.word(!expected.succeeds), expected.command]
    }
    package var subject: Subject { Subject(CommandResource.kind, name) }
    package var summary: String { "run \(run): \(expected.reason)" }
    package var isBarrier: Bool { true }
    package var writes: [String] { ["/var/lib"] }
}

extension RunCommand {
    package init?(function: String, arguments: [String]) {
        guard arguments.count == 5 else { return nil }
        self.init(
            name: arguments[0], run: arguments[1], undo: arguments[2],
            expected: CommandCondition(
                command: arguments[4], succeeds: arguments[3] != CommandCondition.word(true)))
    }
}
