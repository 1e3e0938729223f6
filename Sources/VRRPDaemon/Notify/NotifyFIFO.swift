import CLinux
import VRRP

/// `notify_fifo` or `vrrp_notify_fifo`: a line for every change, read by whoever likes to, and by a script of its own.
final class NotifyFIFO {
    let definition: FIFODefinition
    private let script: NotifyDefinitions.Command?
    private let log: Log
    private var descriptor: Int32 = -1
    private var isOurs = false
    private var hasLost = false
    private let children: ChildProcesses
    private var reader: pid_t?
    /// The number of the FIFO where it is to go with the daemon, else 0.
    private(set) var inode: UInt = 0
    /// Called when the script has ended.
    var onEnd: () -> Void = {}

    /// Makes the FIFO where it is not there, opens it and starts the script.
    ///
    /// - Parameter former: the ``inode`` of one that an earlier worker may have left.
    init(
        _ definition: FIFODefinition, script: NotifyDefinitions.Command?, former: UInt, standard: Account?,
        children: ChildProcesses, log: Log
    ) {
        self.definition = definition
        self.script = script
        self.children = children
        self.log = log
        let path = definition.path
        isOurs = mkfifo(path, 0o644) == 0
        guard isOurs || linux_errno() == EEXIST else {
            log(.error, "\(SystemError("making the FIFO \(path)")): nothing is written to it")
            return
        }
        // For reading too: the kernel keeps what is written while nobody else reads.
        descriptor = linux_open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & mode_t(S_IFMT) == mode_t(S_IFIFO)
        else {
            log(.error, "\(path) cannot be opened as a FIFO: nothing is written to it")
            close()
            return
        }
        // By its descriptor: by its path it could be something else by now.
        if isOurs, let account = definition.user.map(Account.init) ?? standard,
            fchown(descriptor, account.user, account.group) != 0
        {
            log(.warning, "\(SystemError("giving \(path) to \(account.name)"))")
        }
        if status.st_ino == former { isOurs = true }
        if isOurs { inode = UInt(status.st_ino) }
        if let script { start(script, as: script.user.map(Account.init) ?? standard) }
    }

    /// Whether no script runs that reads it.
    var isIdle: Bool { reader == nil }

    /// Whether it is what a configuration wants.
    func isSame(as definition: FIFODefinition?, script: NotifyDefinitions.Command?) -> Bool {
        self.definition == definition && self.script == script
    }

    private func start(_ script: NotifyDefinitions.Command, as account: Account?) {
        guard let account else {
            return log(.error, "script of \(definition.path): there is no such user")
        }
        let words = ProgramSearch.resolved(script.words, as: account, log: log) + [definition.path]
        if let objection = ScriptSecurity.objection(to: words[0], as: account) {
            return log(.error, "script of \(definition.path): \(objection)")
        }
        do throws(SystemError) {
            reader = try children.start(words, as: account, endsWithParent: true) { [self] _ in
                reader = nil
                if descriptor >= 0 { log(.warning, "the script that reads \(self.definition.path) has ended") }
                onEnd()
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
        if descriptor >= 0 { CLinux.close(descriptor) }
        (isOurs, descriptor) = (false, -1)
    }

    /// Tells the script to end, which it need not do by itself.
    func endScript() { if let reader { children.signal(reader, SIGTERM) } }
}

/// Both FIFOs of a configuration.
final class NotifyFIFOs {
    private let log: Log
    /// Scripts have that long to read what was written last.
    private static let patience: Duration = .seconds(1)

    private let loop: EventLoop
    private let children: ChildProcesses
    private let will: LastWill
    private var open: [NotifyFIFO] = []
    /// Called when no script runs any more.
    var onIdle: () -> Void = {}

    init(loop: EventLoop, log: Log, children: ChildProcesses, will: LastWill) {
        self.loop = loop
        self.log = log
        self.children = children
        self.will = will
    }

    /// Whether no script runs.
    var isIdle: Bool { open.allSatisfy { $0.isIdle } }

    /// From now on these; one that is as before stays open.
    func configure(_ global: GlobalDefinitions) {
        let wanted = [
            (global.notifyFIFO, global.notifyFIFOScript), (global.vrrpNotifyFIFO, global.vrrpNotifyFIFOScript),
        ]
        let kept = open.filter { fifo in wanted.contains { fifo.isSame(as: $0.0, script: $0.1) } }
        for fifo in open where !kept.contains(where: { $0 === fifo }) {
            fifo.close()
            fifo.endScript()
        }
        let standard = Account.standard(global)
        open = wanted.enumerated().compactMap { place, wanted in
            guard let definition = wanted.0 else {
                will.note(fifo: 0, place)
                return nil
            }
            let fifo =
                kept.first { $0.isSame(as: definition, script: wanted.1) }
                ?? NotifyFIFO(
                    definition, script: wanted.1, former: will.fifo(place), standard: standard, children: children,
                    log: log)
            will.note(fifo: fifo.inode, place)
            fifo.onEnd = { [self] in if isIdle { onIdle() } }
            return fifo
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
        loop.schedule(after: Self.patience) { [self] in for fifo in open { fifo.endScript() } }
    }
}
