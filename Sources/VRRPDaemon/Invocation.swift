/// What the daemon's part of the command line asks for.
enum Invocation: Hashable {
    case run(RunOptions)
    case check(file: String)
    /// `check http URL` and `check stats SOCKET`.
    case question([String])
    /// Who speaks VRRP on a NIC, heard for some seconds.
    case listen(interface: String, seconds: Int)
    /// Whether VRRP passes from host to host.
    case trialSend(TrialOptions)
    case trialHear(TrialOptions)
    /// To the running daemon.
    case control(ControlQuestion, socket: String)
    case version
    case help

    /// Reads the arguments behind the program's name.
    init(_ arguments: [String]) throws(UsageError) {
        var words = arguments[...]
        guard let first = words.popFirst() else { throw UsageError("nothing to do is given") }
        switch first {
        case "run": self = .run(try RunOptions(&words))
        case "--check":
            guard let file = words.popFirst() else { throw UsageError("--check wants a file") }
            self = .check(file: file)
        case "check":
            self = .question(Array(words))
            words = []
        case "listen": self = try Self.listen(&words)
        case "trial":
            switch words.popFirst() {
            case "send": self = .trialSend(try TrialOptions(&words))
            case "hear": self = .trialHear(try TrialOptions(&words))
            default: throw UsageError("trial wants send or hear")
            }
        case "status", "stats", "metrics", "resign", "log-level": self = try Self.control(first, &words)
        case "--version": self = .version
        case "--help", "-h": self = .help
        default: throw UsageError("\(first) is not understood")
        }
        if let rest = words.first { throw UsageError("\(rest) is not understood here") }
    }

    private static func listen(_ words: inout ArraySlice<String>) throws(UsageError) -> Invocation {
        var interface: String?
        var seconds = 3
        while let word = words.first {
            switch word {
            case "--interface": interface = try RunOptions.value(&words)
            case "--seconds":
                guard let value = Int(try RunOptions.value(&words)), (1...86400).contains(value) else {
                    throw UsageError("--seconds wants seconds from 1 to 86400")
                }
                seconds = value
            default: throw UsageError("\(word) is not understood here")
            }
        }
        guard let interface else { throw UsageError("listen wants --interface NIC") }
        return .listen(interface: interface, seconds: seconds)
    }

    private static func control(_ command: String, _ words: inout ArraySlice<String>) throws(UsageError) -> Invocation {
        var (asJSON, seconds, socket) = (false, ControlQuestion.usualAbsence, RunOptions().socket)
        var name: String?
        while let word = words.first {
            switch word {
            case "--socket": socket = try RunOptions.value(&words)
            case "--json" where command == "status":
                asJSON = true
                words.removeFirst()
            case "--for" where command == "resign":
                guard let value = Int(try RunOptions.value(&words)), (1...86400).contains(value) else {
                    throw UsageError("--for wants seconds from 1 to 86400")
                }
                seconds = value
            case _ where !word.hasPrefix("-") && name == nil && ["resign", "log-level"].contains(command):
                name = word
                words.removeFirst()
            default: throw UsageError("\(word) is not understood here")
            }
        }
        switch command {
        case "status": return .control(.status(asJSON: asJSON), socket: socket)
        case "stats": return .control(.statistics, socket: socket)
        case "metrics": return .control(.metrics, socket: socket)
        case "resign": return .control(.resign(router: name, seconds: seconds), socket: socket)
        default:
            guard let level = name.flatMap(Log.Level.init(name:)) else {
                throw UsageError("log-level is error, warning, notice, info or debug")
            }
            return .control(.logLevel(level), socket: socket)
        }
    }
}

/// The options of `run`.
struct RunOptions: Hashable {
    var configuration = "/etc/keepalived/keepalived.conf"
    var pidFile = "/run/haprov-vrrpd.pid"
    var socket = "/run/haprov-vrrpd.sock"
    var logsToSyslog = false
    var isVerbose = false
    /// How deaths of processes are learned of; nil for the best way that works here.
    var sentinel: SentinelKind?

    /// The defaults.
    init() {}

    /// Takes its options from the words and leaves what it does not know.
    init(_ words: inout ArraySlice<String>) throws(UsageError) {
        while let word = words.first {
            switch word {
            case "-f", "--file": configuration = try Self.value(&words)
            case "--pid": pidFile = try Self.value(&words)
            case "--socket": socket = try Self.value(&words)
            case "--log":
                switch try Self.value(&words) {
                case "stderr": logsToSyslog = false
                case "syslog": logsToSyslog = true
                case let other: throw UsageError("--log is stderr or syslog, not \(other)")
                }
            case "--watch-by":
                let name = try Self.value(&words)
                guard let kind = SentinelKind(rawValue: name) else {
                    throw UsageError("--watch-by is pidfd, connector or poll, not \(name)")
                }
                sentinel = kind
            case "-v", "--verbose":
                isVerbose = true
                words.removeFirst()
            default: return
            }
        }
    }

    static func value(_ words: inout ArraySlice<String>) throws(UsageError) -> String {
        let option = words.removeFirst()
        guard let value = words.popFirst() else { throw UsageError("\(option) wants a value") }
        return value
    }
}

/// A command line that is not understood.
struct UsageError: Error, Hashable {
    var message: String

    init(_ message: String) { self.message = message }
}
