import Glibc
import VRRP

/// The `notify` scripts: one after the other, in the order of the changes, and nothing waits for them.
final class NotifyRunner {
    private struct Call {
        var words: [String]
        var account: Account
    }

    /// A script that takes longer is ended: the next change is waiting.
    private static let patience: Duration = .seconds(60)
    /// Calls that may wait; with more, the oldest ones are of no use to anybody.
    private static let most = 1000

    private let loop: EventLoop
    private let log: Log
    private let children: ChildProcesses
    private var instances: [String: NotifyDefinitions] = [:]
    private var groups: [String: NotifyDefinitions] = [:]
    private var standard: Account?
    private var waiting: [Call] = []
    private var limit: EventLoop.Token?
    private var isRunning = false
    /// Called when nothing waits or runs any more.
    var onIdle: () -> Void = {}

    init(loop: EventLoop, log: Log, children: ChildProcesses) {
        self.loop = loop
        self.log = log
        self.children = children
    }

    /// Whether nothing waits or runs.
    var isIdle: Bool { !isRunning && waiting.isEmpty }

    /// From now on these scripts.
    func configure(_ configuration: KeepalivedConfiguration) {
        // Read once, and not after every change: a directory service may be slow when it matters.
        standard = Account.standard(configuration.global)
        instances = Dictionary(configuration.instances.map { ($0.name, $0.notify) }) { first, _ in first }
        groups = Dictionary(configuration.groups.map { ($0.name, $0.notify) }) { first, _ in first }
    }

    /// A router is in another state.
    func routerChanged(_ name: String, _ transition: Transition) {
        call(instances[name], "INSTANCE", name, transition)
    }

    /// A sync group is in another state.
    func groupChanged(_ name: String, _ transition: Transition) { call(groups[name], "GROUP", name, transition) }

    private func call(_ scripts: NotifyDefinitions?, _ kind: String, _ name: String, _ transition: Transition) {
        guard let scripts else { return }
        let (own, state) =
            switch transition.to {
            case .master: (scripts.master, "MASTER")
            case .backup: (scripts.backup, "BACKUP")
            case .fault: (scripts.fault, "FAULT")
            case .initialize: (scripts.stop, "STOP")
            }
        if let own { add(own.words, own.user) }
        if let any = scripts.any { add(any.words + [kind, name, state, "\(transition.priority)"], any.user) }
        next()
    }

    private func add(_ words: [String], _ user: ScriptUser?) {
        guard let account = user.map(Account.init) ?? standard else {
            return log(.error, "notify script \(words.first ?? ""): there is no such user")
        }
        if waiting.count == Self.most {
            log(.warning, "notify scripts are too slow: one of \(Self.most) is left out")
            waiting.removeFirst()
        }
        waiting.append(Call(words: words, account: account))
    }

    private func next() {
        guard !isRunning else { return }
        guard !waiting.isEmpty else { return onIdle() }
        let call = waiting.removeFirst()
        let program = call.words.first ?? ""
        if let objection = ScriptSecurity.objection(to: program, as: call.account) {
            log(.error, "notify script \(objection)")
            return next()
        }
        do throws(SystemError) {
            let child = try children.start(call.words, as: call.account) { [weak self] ending in
                self?.ended(program, ending)
            }
            isRunning = true
            limit = loop.schedule(after: Self.patience) { [unowned self] in
                log(.warning, "notify script \(program) takes longer than \(Self.patience.text): it is ended")
                children.signal(child, SIGKILL)
            }
        } catch {
            log(.error, "\(error)")
            next()
        }
    }

    private func ended(_ program: String, _ ending: ChildProcesses.Ending) {
        isRunning = false
        if let limit { loop.cancel(limit) }
        switch ending {
        case .status(0): break
        case .status(let status): log(.warning, "notify script \(program) ended with status \(status)")
        case .signal(let signal): log(.warning, "notify script \(program) was ended by signal \(signal)")
        }
        next()
    }
}
