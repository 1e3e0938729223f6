import Foundation

/// A host of a ``TestNetwork``, with a daemon of ours where a test starts one.
final class TestHost {
    let namespace: String
    let number: Int
    /// What ``start()`` runs with.
    let configuration: URL
    let socket: URL
    private let logFile: URL
    private let pidFile: URL
    private var processes: [Process] = []
    /// What runs it in its own place.
    var launcher: [String] = []

    init(network: String, number: Int, directory: URL) {
        namespace = "\(network)-\(number)"
        self.number = number
        configuration = directory.appendingPathComponent("\(number).conf")
        socket = directory.appendingPathComponent("\(number).sock")
        logFile = directory.appendingPathComponent("\(number).log")
        pidFile = directory.appendingPathComponent("\(number).pid")
    }

    /// What the daemon has said so far.
    var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    /// Starts the daemon, or tries to start another one.
    @discardableResult
    func start(_ text: String) throws -> Process {
        try write(text)
        return try start()
    }

    /// Starts it with the configuration that is there.
    @discardableResult
    func start() throws -> Process {
        let run = [Self.program, "run", "-f", configuration.path, "--pid", pidFile.path, "--socket", socket.path]
        let command = launcher + run
        return try start(command[0], Array(command.dropFirst()))
    }

    /// Starts a program in this host's namespace; its output goes to the ``log``.
    @discardableResult
    func start(_ program: String, _ arguments: [String]) throws -> Process {
        if !FileManager.default.fileExists(atPath: logFile.path) {
            try Data().write(to: logFile)
        }
        let log = try FileHandle(forWritingTo: logFile)
        try log.seekToEnd()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/ip")
        process.arguments = ["netns", "exec", namespace, program] + arguments
        process.standardOutput = log
        process.standardError = log
        process.standardInput = FileHandle.nullDevice
        try process.run()
        processes.append(process)
        return process
    }

    /// Puts a configuration in place.
    func write(_ text: String) throws { try Data(text.utf8).write(to: configuration, options: .atomic) }

    /// The daemon that was started last.
    var supervisor: pid_t { processes.last?.processIdentifier ?? 0 }

    /// Its child.
    var worker: pid_t? {
        let children = try? String(contentsOfFile: "/proc/\(supervisor)/task/\(supervisor)/children", encoding: .utf8)
        return children?.split(separator: " ").first.flatMap { pid_t($0) }
    }

    /// Whether an address is on a NIC.
    func has(_ address: String, on interface: String = "eth0") throws -> Bool {
        try ip("-n", namespace, "-o", "addr", "show", "dev", interface).contains(" \(address)/")
    }

    /// Whether the daemon tells that this address is its master; not before it answers.
    func knowsMaster(_ address: String) -> Bool {
        let told = try? ip("netns", "exec", namespace, Self.program, "status", "--socket", socket.path)
        return told?.contains("master \(address)") ?? false
    }

    /// Ends what was started here.
    func close() {
        let worker = worker
        for process in processes where process.isRunning {
            kill(process.processIdentifier, SIGCONT)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        // It ends by itself once its supervisor is dead, unless it was stopped.
        if let worker { kill(worker, SIGCONT) }
    }

    /// A program that is built beside the tests.
    static func built(_ name: String) -> String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// The daemon as it is shipped, which `make` names, or the one that is built beside the tests.
    static let program = ProcessInfo.processInfo.environment["HAPROV_VRRPD"] ?? built("haprov-vrrpd")
}
