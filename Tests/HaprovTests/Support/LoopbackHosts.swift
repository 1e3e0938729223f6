import Foundation
import Processes
import Testing

/// Real sshds at addresses of their own on a loopback, and haprov beside them: in namespaces that nothing outlives, and in
/// which nothing else can be seen.
final class LoopbackHosts {
    static let canBeMade =
        getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/sbin/sshd")
    static let cannot = "namespaces and logins need root and /usr/sbin/sshd"

    /// Removed in the end.
    let folder: String
    private var mounts: [String] = []

    init() throws {
        folder = NSTemporaryDirectory() + "haprov-hosts-\(UUID().uuidString)"
        // sshd reads what lies there as the user that logs in.
        try FileManager.default.createDirectory(
            atPath: folder + "/home/.ssh", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755])
        try FileManager.default.createDirectory(
            atPath: "/run/sshd", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Makes the key that lets in, and the hosts' own.
    func makeKeys() async throws {
        for name in ["key", "host"] {
            try await Command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name)"])
                .succeed(step: "keys", remedy: "")
        }
        try write(try read("key.pub"), "authorized_keys")
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }

    @discardableResult
    func write(_ text: String, _ name: String, mode: Int = 0o644) throws -> String {
        let path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, mode_t(mode))
        return path
    }

    /// Puts a text in the place of a file, for these hosts alone.
    func replace(_ file: String, by text: String, mode: Int = 0o644) throws {
        mounts.append("\(try write(text, "in-place-of" + file, mode: mode)) \(file)")
    }

    /// An sshd that will run; the first value of an option counts.
    func add(_ name: String, _ address: String, port: Int = 22, options: [String] = []) throws {
        let lines =
            options + [
                "ListenAddress \(address)", "Port \(port)", "HostKey \(folder)/host", "PidFile none", "UsePAM no",
                "StrictModes no", "PermitRootLogin yes", "PasswordAuthentication no",
                "KbdInteractiveAuthentication no", "AuthorizedKeysFile \(folder)/authorized_keys",
                "LogLevel VERBOSE", "SetEnv HOME=\(folder)/there",
            ]
        try write(lines.joined(separator: "\n") + "\n", "\(name).sshd")
        let known = "\(port == 22 ? address : "[\(address)]:\(port)") \(try read("host.pub"))"
        let before = (try? read("known_hosts")) ?? ""
        try write(before + known, "known_hosts")
        try write(((try? read("addresses")) ?? "") + address + "\n", "addresses")
    }

    func log(of name: String) -> String { (try? read("\(name).sshd.log")) ?? "" }

    /// An inventory of two balancers, with more for each and for both.
    func inventory(ssh: String, _ first: String = "", _ second: String = "") throws -> String {
        try write(
            """
            cluster: web
            engine: vrrpd
            ssh: { \(ssh) }
            vip: { address: 192.0.2.100/24, interface: ens33, virtual_router_id: 51 }
            haproxy:
              version: 1.8.25
              frontends: { web: { bind: "*:80", backend: app } }
              backends: { app: { servers: application, port: 10900 } }
            hosts:
              haproxy1: { address: 192.0.2.1, role: balancer, priority: 101\(first) }
              haproxy2: { address: 192.0.2.2, role: balancer, priority: 100\(second) }
              app1: { address: 192.0.2.3, role: application }
            """, "i.yml")
    }

    struct Told: CustomStringConvertible {
        var status: Int32
        /// One object a line.
        var lines: [[String: Any]]
        var description: String

        func all(_ type: String) -> [[String: Any]] { lines.filter { $0["type"] as? String == type } }
    }

    /// Runs haprov with `--json` where the sshds run.
    ///
    /// - Parameter environment: beside `HOME`.
    func haprov(_ arguments: String..., environment: [String: String] = [:]) async throws -> Told {
        let result = try await run([try Self.program()] + arguments + ["--json", "\(folder)/i.yml"], environment)
        let lines = result.output.split(separator: "\n").compactMap { line in
            try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        }
        return Told(
            status: result.status, lines: lines,
            description: "status \(result.status)\n\(result.output)\n\(result.errors)")
    }

    /// Runs haprov where the sshds run, on a terminal of its own.
    ///
    /// - Parameters:
    ///   - prompt: what the terminal has to show before somebody types.
    ///   - keys: what is typed then, as printf(1) has it.
    /// - Returns: what the terminal showed; then `ended STATUS`, and the terminal's settings as stty(1) prints them. It says
    ///   `in vain` where the prompt or the end did not come.
    func onTerminal(_ arguments: String..., at prompt: String, typing keys: String) async throws -> String {
        let script = try write(
            #"""
            log=$1 prompt=$2 keys=$3
            shift 3
            : >"$log"
            : >"$log.vain"
            wait_for() {
                left=600
                until grep -q "$1" "$log" || [ $left = 0 ]; do
                    left=$((left - 1))
                    sleep 0.1
                done
                [ $left != 0 ] || echo "in vain: $1" >>"$log.vain"
            }
            {
                wait_for "$prompt"
                printf "$keys"
                wait_for '^ended '
            } | script -qfc "trap : INT; $*; status=\$?; echo; echo ended \$status; stty -a" "$log" >/dev/null
            cat "$log" "$log.vain"
            """#, "on-terminal")
        let words = ["sh", script, "\(folder)/terminal", prompt, keys, try Self.program()] + arguments
        return try await run(words + ["\(folder)/i.yml"], [:]).output
    }

    private static func program() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("haprov").path
    }

    private func run(
        _ words: [String], _ environment: [String: String]
    ) async throws -> (status: Int32, output: String, errors: String) {
        let variables = environment.merging(["HOME": "\(folder)/home"]) { $1 }
        // No argument list holds a value.
        try write(variables.map { "export \($0.key)='\($0.value)'\n" }.joined(), "environment", mode: 0o600)
        let script = try write(
            """
            set -eu
            folder=$1
            shift
            ip link set lo up
            sort -u "$folder/addresses" | while read -r address; do ip addr add "$address/32" dev lo; done
            \(mounts.map { "mount --bind \($0)\n" }.joined())
            for configuration in "$folder"/*.sshd; do
                : >"$configuration.log"
                /usr/sbin/sshd -D -e -f "$configuration" 2>>"$configuration.log" &
            done
            for configuration in "$folder"/*.sshd; do
                left=600
                until grep -q 'Server listening' "$configuration.log"; do
                    left=$((left - 1))
                    [ $left -gt 0 ] || { cat "$configuration.log" >&2; exit 99; }
                    sleep 0.1
                done
            done
            unset SSH_AUTH_SOCK
            . "$folder/environment"
            status=0
            "$@" || status=$?
            exit $status
            """, "run")
        let result = try await Command(
            [
                "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", script,
                folder,
            ] + words
        ).run()
        return (result.status, result.output, result.errors)
    }
}
