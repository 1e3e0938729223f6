import CLinux
import VRRP

/// The `notify` scripts: those of a router one after the other, in the order of its changes. No other router waits for them,
/// and they wait for ``start()``.
final class NotifyRunner {
    private struct Call {
        var words: [String]
        var account: Account
    }

    /// The calls of one router or group.
    private struct Queue {
        var waiting: [Call] = []
        var limit: EventLoop.Token?
        var isRunning = false
    }

    /// A script that takes longer is ended: the next change is waiting.
    private static let patience: Duration = .seconds(60)
    /// Calls that may wait in a queue; with more, the oldest ones are of no use to anybody.
    private static let most = 1000

    private let loop: EventLoop
    private let log: Log
    private let children: ChildProcesses
    private var instances: [String: NotifyDefinitions] = [:]
    private var groups: [String: NotifyDefinitions] = [:]
    private var standard: Account?
    /// Those that are not empty, by kind and name.
    private var queues: [String: Queue] = [:]
    /// The queues in which something has changed since the last ``start()``.
    private var due: [String] = []
    /// Called when nothing waits or runs any more.
    var onIdle: () -> Void = {}

    init(loop: EventLoop, log: Log, children: ChildProcesses) {
        self.loop = loop
        self.log = log
        self.children = children
    }

    /// Whether nothing waits or runs.
    var isIdle: Bool { queues.isEmpty }

    /// From now on these scripts.
    func configure(_ configuration: KeepalivedConfiguration) {
        // Read once, and not after every change: a directory service may be slow when it matters.
        standard = Account.standard(configuration.global)
        instances = [:]
        for instance in configuration.instances where instances[instance.name] == nil {
            instances[instance.name] = resolved(instance.notify)
        }
        groups = [:]
        for group in configuration.groups where groups[group.name] == nil {
            groups[group.name] = resolved(group.notify)
        }
    }

    /// Every program by its whole path.
    private func resolved(_ scripts: NotifyDefinitions) -> NotifyDefinitions {
        var scripts = scripts
        resolve(&scripts.any)
        resolve(&scripts.master)
        resolve(&scripts.backup)
        resolve(&scripts.fault)
        resolve(&scripts.stop)
        return scripts
    }

    private func resolve(_ command: inout NotifyDefinitions.Command?) {
        guard let words = command?.words, let account = command?.user.map(Account.init) ?? standard else { return }
        command?.words = ProgramSearch.resolved(words, as: account, log: log)
    }

    /// A router is in another state.
    func routerChanged(_ name: String, _ transition: Transition) {
        call(instances[name], "INSTANCE", name, transition)
    }

    /// A sync group is in another state.
    func groupChanged(_ name: String, _ transition: Transition) { call(groups[name], "GROUP", name, transition) }

    /// Starts what has been called for: at the end of a turn, as looking a script up and forking take longer than what
    /// others wait for.
    func start() {
        let names = due
        due.removeAll(keepingCapacity: true)
        for name in names { next(name) }
    }

    private func call(_ scripts: NotifyDefinitions?, _ kind: String, _ name: String, _ transition: Transition) {
        guard let scripts else { return }
        let (own, state) =
            switch transition.to {
            case .master: (scripts.master, "MASTER")
            case .backup: (scripts.backup, "BACKUP")
            case .fault: (scripts.fault, "FAULT")
            case .initialize: (scripts.stop, "STOP")
            }
        let queue = "\(kind) \(name)"
        if let own { add(own.words, own.user, to: queue) }
        if let any = scripts.any {
            add(any.words + [kind, name, state, "\(transition.priority)"], any.user, to: queue)
        }
        due.append(queue)
    }

    private func add(_ words: [String], _ user: ScriptUser?, to queue: String) {
        guard let account = user.map(Account.init) ?? standard else {
            return log(.error, "notify script \(words.first ?? ""): there is no such user")
        }
        let count = queues[queue]?.waiting.count ?? 0
        if count == Self.most {
            log(.warning, "notify scripts of \(queue) are too slow: one of \(Self.most) is left out")
            queues[queue]?.waiting.removeFirst()
        }
        queues[queue, default: Queue()].waiting.append(Call(words: words, account: account))
    }

    private func next(_ name: String) {
        guard let queue = queues[name], !queue.isRunning else { return }
        guard let call = queue.waiting.first else {
            queues[name] = nil
            if isIdle { onIdle() }
            return
        }
        queues[name]?.waiting.removeFirst()
        let program = call.words.first ?? ""
        if let objection = ScriptSecurity.objection(to: program, as: call.account) {
            log(.error, "notify script \(objection)")
            return next(name)
        }
        do throws(SystemError) {
            let child = try children.start(call.words, as: call.account) { [self] ending in
                ended(program, ending, of: name)
            }
            queues[name]?.isRunning = true
            queues[name]?.limit = loop.schedule(after: Self.patience) { [self] in
                log(.warning, "notify script \(program) takes longer than \(Self.patience.text): it is ended")
                children.signal(child, SIGKILL)
            }
        } catch {
            log(.error, "\(error)")
            next(name)
        }
    }

    private func ended(_ program: String, _ ending: ChildProcesses.Ending, of name: String) {
        queues[name]?.isRunning = false
        if let limit = queues[name]?.limit { loop.cancel(limit) }
        switch ending {
        case .status(0): break
        case .status(let status): log(.warning, "notify script \(program) ended with status \(status)")
        case .signal(let signal): log(.warning, "notify script \(program) was ended by signal \(signal)")
        }
        due.append(name)
    }
}
