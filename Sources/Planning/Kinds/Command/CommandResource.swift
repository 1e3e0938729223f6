import Errors
import Texts

/// `command`: a command of the playbook's, where another says that it is needed.
package struct CommandResource: Resource {
    package static let kind = "command"
    package static let meaning = Explanation(
        "A command that is run where another, its condition, says that it is needed; afterwards the "
            + "condition has to say that it is not any more",
        "由条件命令决定是否需要执行的命令;执行之后,条件必须表明不再需要")
    package static let fields: [FieldDeclaration] = [
        .required(
            "name",
            "What it is called in plans, and in `reload_on: command NAME`",
            "名称,用于计划和 `reload_on: command NAME`"),
        .required(
            "run",
            "A command and its arguments, without quotes or shell signs; no passwords: lists of processes "
                + "and the journal show it",
            "命令及参数,不带引号和 shell 符号;不要写密码:进程列表和日志会显示它"),
        .optional(
            "needed_if",
            "A command that ends with 0 where `run` is needed. It is run at every look at the host, a plan "
                + "too, so it must change nothing; it has 20 s",
            "以 0 结束表示需要执行 `run`。每次查看主机(包括做计划)都会运行它,因此不得改动任何东西;限时 20 秒"),
        .optional(
            "unless",
            "In its place: a command that ends with 0 where `run` is not needed",
            "与上一项二选一:以 0 结束表示不需要执行 `run`"),
        .required(
            "undo",
            "What a rollback runs, also where `run` failed half way; once more where it was interrupted "
                + "itself",
            "回滚时执行的命令,`run` 中途失败时也会执行;自身被打断后会再执行一次"),
    ]
    package static let script: [UInt8]? = PackageResources.command_sh
    package static let changes: [any Change.Type] = [RunCommand.self]
    package static let facts: [any Fact.Type] = [CommandFacts.self]
    package var name: String
    package var run: String
    package var undo: String
    package var condition: CommandCondition

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        name = fields.text("name")
        run = fields.command("run")
        undo = fields.command("undo")
        let (needed, unless) = (fields.command("needed_if"), fields.command("unless"))
        condition = CommandCondition(command: needed + unless, succeeds: unless.isEmpty)
        if !name.isEmpty, name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9 ._-]*/) == nil {
            fields.fault(
                "name", "`\(name)` is not a command's name",
                "Write letters, digits, blanks, `.`, `_` and `-`, such as `name: tune the NIC`.")
        }
        if needed.isEmpty == unless.isEmpty {
            fields.fault(
                "a command step needs one of `needed_if` and `unless`",
                "Write a command that changes nothing and says by its end whether `run` is needed.")
        }
        for (field, words) in [("run", run), ("undo", undo), ("needed_if", needed), ("unless", unless)] {
            guard context.secrets.contains(where: { !$0.isEmpty && words.contains($0) }) else { continue }
            fields.fault(
                field, "`\(field)` holds a password: lists of processes and the journal would show it",
                "Put it into a file that only root may read, and have the command read that.")
        }
        try fields.finish()
    }

    package var queries: [ProbeQuery] { [ProbeQuery("probe_condition", condition.command)] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        let status = facts.conditions[condition.command] ?? 124
        if status == 124 {
            throw failure(
                context, "`\(condition.command)` does not come to an end within 20 s",
                "Run it on \(context.host.name) and see why, or choose another condition.")
        }
        // One that is not there says nothing against the command, but nothing for it either.
        if condition.succeeds, status == 126 || status == 127 {
            throw failure(
                context, "`\(condition.command)` cannot be run, so it does not say whether the command is needed",
                "Install it first, or write `unless` in the place of `needed_if`: what is missing counts as a no there."
            )
        }
        guard (status == 0) == condition.succeeds else { return [] }
        return [.change(RunCommand(name: name, run: run, undo: undo, expected: condition))]
    }

    private func failure(_ context: PlanContext, _ summary: String, _ remedy: String) -> Failure {
        Failure(.preflight, host: context.host.name, step: "command \(name)", summary: summary, remedy: remedy)
    }
}
