import CLinux
import VRRP

/// Everything that routers track beside NICs: `vrrp_script` and `vrrp_track_process`.
///
/// A script that only asks whether a program runs, or whether HAProxy answers, is not run: the daemon sees that by itself, a
/// death at the moment it happens. One keepalived.conf serves both daemons so.
final class HealthMonitor {
    /// Called when a tracked item has come up or gone down.
    var onChange: (TrackTarget, Bool) -> Void = { _, _ in }
    /// Called when the number in a file is another one.
    var onRead: (TrackTarget, Int) -> Void = { _, _ in }
    /// Scripts' processes; whoever reads SIGCHLD calls its `reap()`.
    let children: ChildProcesses

    private let loop: EventLoop
    private let log: Log
    private let wantedSentinel: SentinelKind?
    private var sentinel: ProcessSentinel?
    private var processes: [TrackTarget: ProcessCheck] = [:]
    private var scripts: [TrackTarget: ScriptCheck] = [:]
    private var files: [TrackTarget: FileCheck] = [:]
    private var order: [TrackTarget] = []
    private var isConfigured = false

    /// - Parameter sentinel: how deaths are learned of, where it is not to choose itself.
    init(loop: EventLoop, log: Log, children: ChildProcesses, sentinel: SentinelKind? = nil) {
        self.loop = loop
        self.log = log
        self.children = children
        wantedSentinel = sentinel
    }

    /// What is known of each item, in the order of the configuration; nil where the first answer is still to come.
    var states: [(target: TrackTarget, isUp: Bool?)] {
        order.map { ($0, processes[$0]?.isUp ?? scripts[$0]?.isUp ?? files[$0]?.value.map { _ in true }) }
    }

    /// How deaths of processes are learned of.
    var sentinelKind: SentinelKind? { sentinel?.kind }

    /// Whether every item has been looked at once.
    var isComplete: Bool { states.allSatisfy { $0.isUp != nil } }

    /// Goes by a configuration: items that are as before go on, others begin.
    func configure(_ configuration: KeepalivedConfiguration) {
        var rules: [TrackTarget: ProcessCheck.Rule] = [:]
        var questions: [TrackTarget: ScriptCheck.Rule] = [:]
        order = []
        for script in configuration.scripts {
            let target = TrackTarget.script(script.name)
            order.append(target)
            if let rule = processRule(script) {
                rules[target] = rule
            } else {
                questions[target] = scriptRule(script, configuration.global)
            }
        }
        for process in configuration.processes {
            let target = TrackTarget.process(process.name)
            order.append(target)
            var rule = ProcessCheck.Rule(name: process.command.first ?? "")
            rule.quorum = process.quorum ?? 1
            rule.maximum = process.maximum ?? .max
            rule.patience = process.terminateDelay ?? .zero
            rule.proof = process.forkDelay ?? .zero
            rules[target] = rule
        }
        follow(rules)
        follow(questions)
        follow(configuration.files)
        look()
    }

    /// Tracks nothing any more.
    func stop() {
        follow([TrackTarget: ProcessCheck.Rule]())
        follow([TrackTarget: ScriptCheck.Rule]())
        follow([FileDefinition]())
        sentinel?.stop()
    }

    private func follow(_ rules: [TrackTarget: ProcessCheck.Rule]) {
        for (target, check) in processes where rules[target] != check.rule {
            check.stop()
            processes[target] = nil
        }
        for (target, rule) in rules where processes[target] == nil {
            processes[target] = ProcessCheck(rule, loop: loop) { [self] isUp in onChange(target, isUp) }
            log(.info, "\(target.text) watches the processes named \(rule.kernelName)")
        }
        if !processes.isEmpty, sentinel == nil {
            let sentinel = ProcessSentinel(loop: loop, log: log, wanted: wantedSentinel)
            sentinel.onHint = { [self] in look() }
            self.sentinel = sentinel
        }
    }

    private func follow(_ rules: [TrackTarget: ScriptCheck.Rule]) {
        for (target, check) in scripts where rules[target] != check.rule {
            check.stop()
            scripts[target] = nil
        }
        for (target, rule) in rules where scripts[target] == nil {
            let check = ScriptCheck(target.name, rule, children: children, loop: loop, log: log) {
                [self] isUp in onChange(target, isUp)
            }
            scripts[target] = check
            check.start()
        }
    }

    private func follow(_ definitions: [FileDefinition]) {
        var wanted: [TrackTarget: (rule: FileCheck.Rule, overwrites: Bool)] = [:]
        for file in definitions {
            order.append(.file(file.name))
            wanted[.file(file.name)] = (.init(path: file.path, initialValue: file.initialValue), file.overwrites)
        }
        for (target, check) in files where wanted[target]?.rule != check.rule {
            check.stop()
            files[target] = nil
        }
        for (target, (rule, overwrites)) in wanted where files[target] == nil {
            let check = FileCheck(rule, loop: loop, log: log) { [self] in onRead(target, $0) }
            files[target] = check
            // What came in since the start is not lost by a reload.
            check.start(overwriting: overwrites && !isConfigured)
        }
        isConfigured = true
    }

    /// One look at /proc answers for all of them.
    private func look() {
        guard let sentinel, !processes.isEmpty else { return }
        sentinel.names = Set(processes.values.map { $0.rule.kernelName })
        let entries = ProcessTable.entries(named: sentinel.names)
        for check in processes.values { check.look(at: entries) }
        sentinel.watch(
            Set(processes.values.flatMap { $0.processes }), isUp: processes.values.allSatisfy { $0.isUp == true })
    }

    private func processRule(_ script: ScriptDefinition) -> ProcessCheck.Rule? {
        guard case .process(let name) = CheckCommand(script.command) else { return nil }
        var rule = ProcessCheck.Rule(name: name)
        let interval = script.interval ?? .seconds(1)
        // A script that has to fail three times lets two intervals pass.
        rule.patience = interval * ((script.fall ?? 1) - 1)
        rule.proof = interval * ((script.rise ?? 1) - 1)
        return rule
    }

    private func scriptRule(_ script: ScriptDefinition, _ global: GlobalDefinitions) -> ScriptCheck.Rule {
        let interval = script.interval ?? .seconds(1)
        let question: CheckQuestion
        switch CheckCommand(script.command) {
        case .http(let address, let port, let host, let path):
            question = .network(.http(address: address, port: port, host: host, path: path))
        case .statsSocket(let path): question = .network(.statsSocket(path))
        case .pidFile(let path): question = .pidFile(path)
        case .process, .command:
            let account = script.user.map(Account.init) ?? Account.standard(global)
            if account == nil { log(.error, "check \(script.name): there is no such user: it counts as failed") }
            question = .program(
                account.map { ProgramSearch.resolved(script.command, as: $0, log: log) } ?? [], account ?? .root)
        }
        if case .program = question {
        } else {
            log(.info, "script \(script.name) is not run: the daemon looks by itself")
        }
        var rule = ScriptCheck.Rule(
            question: question, interval: interval, timeout: script.timeout ?? interval, rise: script.rise ?? 1,
            fall: script.fall ?? 1, startsDown: script.startsDown)
        if case .pidFile = question { rule.ask(every: ProcessSentinel.pollInterval) }
        return rule
    }
}

extension TrackTarget {
    /// Its name alone.
    var name: String {
        switch self {
        case .script(let name), .process(let name), .interface(let name), .file(let name): name
        }
    }
}
