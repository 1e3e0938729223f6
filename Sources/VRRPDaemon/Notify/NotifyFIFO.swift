import Glibc
import VRRP

/// `notify_fifo` or `vrrp_notify_fifo`: a line for every change, read by whoever likes to, and by a script of its own.
final class NotifyFIFO {
    let definition: FIFODefinition
    private let script: NotifyDefinitions.Command?
    private let log: Log
    private var descriptor: Int32 = -1
    private var isOurs = false
    private var hasLost = false

    /// Makes the FIFO where it is not there, starts the script and opens it.
    init(
        _ definition: FIFODefinition, script: NotifyDefinitions.Command?, standard: Account?, children: ChildProcesses,
        log: Log
    ) {
        self.definition = definition
        self.script = script
        self.log = log
        let path = definition.path
        isOurs = mkfifo(path, 0o644) == 0
        guard isOurs || errno == EEXIST else {
            log(.error, "\(SystemError("making the FIFO \(path)")): nothing is written to it")
            return
        }
        if isOurs, let account = definition.user.map(Account.init) ?? standard {
            chown(path, account.user, account.group)
        }
        // For reading too: the kernel keeps what is written while nobody else reads.
        descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else {
            log(.error, "\(path) cannot be opened as a FIFO: nothing is written to it")
            close()
            return
        }
        if let script { start(script, as: script.user.map(Account.init) ?? standard, children) }
    }

    /// Whether it is what a configuration wants.
    func isSame(as definition: FIFODefinition?, script: NotifyDefinitions.Command?) -> Bool {
        self.definition == definition && self.script == script
    }

    private func start(_ script: NotifyDefinitions.Command, as account: Account?, _ children: ChildProcesses) {
        guard let account else {
            return log(.error, "script of \(definition.path): there is no such user")
        }
        let words = ProgramSearch.resolved(script.words, as: account, log: log) + [definition.path]
        if let objection = ScriptSecurity.objection(to: words[0], as: account) {
            return log(.error, "script of \(definition.path): \(objection)")
        }
        do throws(SystemError) {
            _ = try children.start(words, as: account) { [log, path = definition.path] _ in
                log(.warning, "the script that reads \(path) has ended")
            }
        } catch {
            log(.error, "\(error)")
        }
    }

    /// `INSTANCE "NAME" STATE PRIORITY`, or GROUP and priority 0.
    func tell(_ kind: String, _ name: String, _ transition: Transition) {
        let state =
            switch transition.to {
            case .initialize: "STOP"
            default: transition.to.text
            }
        let line = Array("\(kind) \"\(name)\" \(state) \(transition.priority)\n".utf8)
        guard descriptor >= 0, write(descriptor, line, line.count) != line.count else {
            hasLost = false
            return
        }
        if !hasLost { log(.warning, "nobody reads \(definition.path): a line is lost") }
        hasLost = true
    }

    /// Its readers see its end.
    func close() {
        if isOurs { unlink(definition.path) }
        if descriptor >= 0 { Glibc.close(descriptor) }
        (isOurs, descriptor) = (false, -1)
    }
}

/// Both FIFOs of a configuration.
final class NotifyFIFOs {
    private let log: Log
    private let children: ChildProcesses
    private var open: [NotifyFIFO] = []

    init(log: Log, children: ChildProcesses) {
        self.log = log
        self.children = children
    }

    /// From now on these; one that is as before stays open.
    func configure(_ global: GlobalDefinitions) {
        let wanted = [
            (global.notifyFIFO, global.notifyFIFOScript), (global.vrrpNotifyFIFO, global.vrrpNotifyFIFOScript),
        ]
        let kept = open.filter { fifo in wanted.contains { fifo.isSame(as: $0.0, script: $0.1) } }
        for fifo in open where !kept.contains(where: { $0 === fifo }) { fifo.close() }
        let standard = Account.standard(global)
        open = wanted.compactMap { definition, script in
            guard let definition else { return nil }
            return kept.first { $0.isSame(as: definition, script: script) }
                ?? NotifyFIFO(definition, script: script, standard: standard, children: children, log: log)
        }
    }

    /// A router is in another state.
    func routerChanged(_ name: String, _ transition: Transition) {
        for fifo in open { fifo.tell("INSTANCE", name, transition) }
    }

    /// A sync group is in another state.
    func groupChanged(_ name: String, _ transition: Transition) {
        for fifo in open { fifo.tell("GROUP", name, transition) }
    }

    /// The daemon ends.
    func close() {
        for fifo in open { fifo.close() }
        open = []
    }
}
