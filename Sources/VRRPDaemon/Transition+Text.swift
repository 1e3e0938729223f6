import VRRP

extension Transition {
    /// For the log.
    var text: String { "\(to.text) (priority \(priority)): \(cause.text)" }
}

extension RouterState {
    /// As keepalived names it.
    var text: String {
        switch self {
        case .initialize: "INIT"
        case .backup: "BACKUP"
        case .master: "MASTER"
        case .fault: "FAULT"
        }
    }
}

extension Cause {
    /// For the log.
    var text: String {
        switch self {
        case .started: "started"
        case .masterSilent: "the master is silent"
        case .masterResigned(let peer): "\(peer) resigned"
        case .preempting(let peer): "takes over from \(peer), whose priority is lower"
        case .betterMaster(let peer, let priority): "\(peer) is master with priority \(priority)"
        case .down(let targets):
            targets.map { $0.text }.joined(separator: ", ") + (targets.count == 1 ? " is" : " are") + " down"
        case .recovered: "nothing is down any more"
        case .group(let name): "its sync group follows \(name)"
        case .resigned: "asked to resign"
        case .reconfigured: "another configuration"
        case .shutdown: "the daemon ends"
        }
    }
}

extension TrackTarget {
    /// For the log.
    var text: String {
        switch self {
        case .script(let name): "script \(name)"
        case .process(let name): "process \(name)"
        case .interface(let name): "interface \(name)"
        case .file(let name): "file \(name)"
        }
    }
}
