import CLinux
import VRRP

/// Whether a program runs: one of these for each tracked program.
final class ProcessCheck {
    /// How many processes there have to be, and for how long.
    struct Rule: Hashable {
        /// As `killall` knows it.
        var name: String
        var quorum = 1
        var maximum = Int.max
        /// How long it has to be gone until it counts as down.
        var patience: Duration = .zero
        /// How long it has to be there until it counts as up.
        var proof: Duration = .zero

        /// At most 15 octets, which is all that the kernel keeps.
        var kernelName: String {
            String(decoding: (name.split(separator: "/").last.map(String.init) ?? name).utf8.prefix(15), as: UTF8.self)
        }
    }

    let rule: Rule
    private(set) var isUp: Bool?
    private(set) var processes: [pid_t] = []
    private var serving = ServingProcesses()
    private var pending: EventLoop.Token?
    private let loop: EventLoop
    private let onChange: (Bool) -> Void

    init(_ rule: Rule, loop: EventLoop, onChange: @escaping (Bool) -> Void) {
        self.rule = rule
        self.loop = loop
        self.onChange = onChange
    }

    /// Takes a look at what /proc shows of all tracked programs.
    func look(at entries: [ProcessEntry]) {
        let candidates = entries.filter { $0.name == rule.kernelName && !$0.isDead }
            .map { ServingProcesses.Candidate(entry: $0, arguments: ProcessTable.arguments($0.id)) }
        processes = serving.select(candidates).map { $0.id }
        judge((rule.quorum...max(rule.quorum, rule.maximum)).contains(processes.count))
    }

    private func judge(_ found: Bool) {
        guard let isUp else { return settle(found) }
        if found == isUp {
            if let pending { loop.cancel(pending) }
            pending = nil
        } else if pending == nil {
            let delay = found ? rule.proof : rule.patience
            if delay == .zero { return settle(found) }
            pending = loop.schedule(after: delay) { [self] in
                pending = nil
                settle(found)
            }
        }
    }

    private func settle(_ state: Bool) {
        isUp = state
        onChange(state)
    }

    /// Waits for nothing any more.
    func stop() {
        if let pending { loop.cancel(pending) }
    }
}
