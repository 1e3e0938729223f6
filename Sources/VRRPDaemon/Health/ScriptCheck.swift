import CLinux
import VRRP

/// What a check asks again and again.
enum CheckQuestion: Hashable {
    /// A program that ends with 0 where all is well.
    case program([String], Account)
    case network(NetworkCheck.Target)
    /// The process that a file names is alive.
    case pidFile(String)
}

/// A `vrrp_script`: a question at every interval, and what follows from the answers by `rise` and `fall`.
final class ScriptCheck {
    /// When it asks and how it counts; keepalived.conf(5), `vrrp_script`.
    struct Rule: Hashable {
        var question: CheckQuestion
        var interval: Duration
        var timeout: Duration
        var rise: Int
        var fall: Int
        var startsDown: Bool

        /// Asks more often, without counting as failed or well any sooner than before.
        mutating func ask(every shorter: Duration) {
            guard shorter < interval else { return }
            let times = Int(interval / shorter)
            (rise, fall) = ((rise - 1) * times + 1, (fall - 1) * times + 1)
            interval = shorter
        }
    }

    /// Between the signal that asks a program to end and the one that makes it.
    private static let grace: Duration = .seconds(1)

    let name: String
    let rule: Rule
    private(set) var isUp: Bool?
    private var count = 0
    private let loop: EventLoop
    private let log: Log
    private let children: ChildProcesses
    private let onChange: (Bool) -> Void
    private var next: EventLoop.Token?
    private var limit: EventLoop.Token?
    private var network: NetworkCheck?
    private var child: pid_t?
    private var hasTimedOut = false
    private var isStopped = false
    private var lastTrouble = ""

    init(
        _ name: String, _ rule: Rule, children: ChildProcesses, loop: EventLoop, log: Log,
        onChange: @escaping (Bool) -> Void
    ) {
        self.name = name
        self.rule = rule
        self.children = children
        self.loop = loop
        self.log = log
        self.onChange = onChange
    }

    /// Asks for the first time, and from then on at every interval.
    func start() {
        if rule.startsDown { settle(false) }
        ask()
    }

    /// Asks no more; a program that runs is ended.
    func stop() {
        isStopped = true
        for token in [next, limit] { if let token { loop.cancel(token) } }
        network?.cancel()
        network = nil
        if let child { children.signal(child, SIGKILL) }
    }

    private func ask() {
        next = loop.schedule(after: rule.interval) { [self] in ask() }
        // One that is slower than its interval is not started twice.
        guard child == nil, network == nil else { return }
        switch rule.question {
        case .pidFile(let path): answer(ProcessTable.isAlive(listedIn: path), "")
        case .network(let target):
            network = NetworkCheck(target, timeout: rule.timeout, loop: loop) { [self] isGood in
                network = nil
                answer(isGood, "HAProxy did not answer")
            }
        case .program(let words, let account): run(words, account)
        }
    }

    private func run(_ words: [String], _ account: Account) {
        if let objection = ScriptSecurity.objection(to: words.first ?? "", as: account) {
            return answer(false, objection)
        }
        hasTimedOut = false
        do throws(SystemError) {
            child = try children.start(words, as: account) { [self] ending in ended(ending) }
            limit = loop.schedule(after: rule.timeout) { [self] in timedOut(SIGTERM) }
        } catch {
            answer(false, "\(error)")
        }
    }

    private func timedOut(_ signal: Int32) {
        guard let child else { return }
        hasTimedOut = true
        children.signal(child, signal)
        limit = loop.schedule(after: Self.grace) { [self] in timedOut(SIGKILL) }
    }

    private func ended(_ ending: ChildProcesses.Ending) {
        child = nil
        if let limit { loop.cancel(limit) }
        guard !isStopped else { return }
        let trouble =
            if hasTimedOut { "it took longer than \(rule.timeout.text)" } else {
                switch ending {
                case .status(126): "its user could not be taken"
                case .status(127): "it could not be run"
                case .status(let status): "it ended with status \(status)"
                case .signal(let signal): "signal \(signal) ended it"
                }
            }
        answer(ending.isSuccess && !hasTimedOut, trouble)
    }

    private func answer(_ isGood: Bool, _ trouble: String) {
        if !isGood, trouble != lastTrouble, !trouble.isEmpty {
            log(.warning, "check \(name): \(trouble)")
            lastTrouble = trouble
        }
        if isGood { lastTrouble = "" }
        // The first answer counts whatever `rise` and `fall` say.
        guard let isUp else { return settle(isGood) }
        guard isGood != isUp else {
            count = 0
            return
        }
        count += 1
        if count >= (isGood ? rule.rise : rule.fall) { settle(isGood) }
    }

    private func settle(_ state: Bool) {
        count = 0
        isUp = state
        onChange(state)
    }
}

extension Duration {
    /// Seconds, for messages.
    var text: String {
        let milliseconds = wholeNanoseconds / 1_000_000
        if milliseconds % 1000 == 0 { return "\(milliseconds / 1000) s" }
        return "\(milliseconds) ms"
    }
}
