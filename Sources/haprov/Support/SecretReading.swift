import Foundation
import HostShell
import Inventory
import Processes
import YAMLReading

/// Why a secret could not be had.
struct SecretError: Error {
    var message: String
    var remedy: String

    /// The remedy as a part of a sentence.
    var remedyInSentence: String {
        remedy.prefix(1).lowercased() + remedy.dropFirst(1).prefix(remedy.count - (remedy.last == "." ? 2 : 1))
    }
}

extension Secret {
    /// Looks whether the value can be had, and throws where not; no program is run for that.
    func look(from key: String) throws(SecretError) {
        guard case .command(let words) = self, let program = words.first else {
            _ = try read(from: key)
            return
        }
        guard program.contains("/") ? access(program, X_OK) == 0 : Command.find([program]) != nil else {
            throw SecretError(
                message: "`\(key)` comes from the program \(program), which cannot be found",
                remedy: "Install it, or put it on the PATH.")
        }
    }

    /// The value, without the newline that editors put at a file's end.
    func read(from key: String) throws(SecretError) -> String {
        switch self {
        case .text(let text): return text
        case .environment(let name):
            guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
                throw SecretError(
                    message: "`\(key)` comes from the environment variable \(name), which is not set",
                    remedy: "Set it: `read -rs \(name); export \(name)`.")
            }
            return value
        case .file(let path):
            let file = (path as NSString).expandingTildeInPath
            var status = stat()
            guard stat(file, &status) == 0, let data = FileManager.default.contents(atPath: file) else {
                throw SecretError(
                    message: "`\(key)` comes from the file \(path), which cannot be read",
                    remedy: "Write the secret into it, readable by you alone (`chmod 600`).")
            }
            guard status.st_mode & 0o077 == 0 else {
                throw SecretError(
                    message: "`\(key)` comes from the file \(path), which others can read",
                    remedy: "`chmod 600 \(path)`.")
            }
            var text = String(decoding: data, as: UTF8.self)
            while text.last?.isNewline == true { text.removeLast() }
            guard !text.isEmpty else {
                throw SecretError(
                    message: "`\(key)` comes from the file \(path), which is empty",
                    remedy: "Write the secret into it.")
            }
            return text
        case .command(let words):
            do throws(SecretCommand.Failure) { return try SecretCommand(words).firstLine() } catch {
                throw SecretError(
                    message: "`\(key)` comes from the program \(words[0]), which \(error.what)",
                    remedy: "Try it by hand: `\(Shell.join(words))`; the first line of its output is taken.")
            }
        }
    }
}

extension Secret {
    /// Whether the value stands in the inventory itself, whose reader has judged it already.
    var isInInventory: Bool {
        if case .text = self { return true }
        return false
    }

    /// The VRRP password, whole, once it is known to be one that keepalived.conf can hold.
    func readVRRPPassword() throws(SecretError) -> String {
        let value = try read(from: "vip.password")
        if let problem = VRRPPassword.problem(value) {
            throw SecretError(
                message: "the VRRP password \(problem)", remedy: "Choose 8 letters and digits, as VRRP carries no more."
            )
        }
        return value
    }
}

extension Cluster {
    /// A warning for each secret that logging in may need and that cannot be had: a key or an agent may still do, but nobody
    /// would learn later why the password was not tried.
    func unreadableCredentials(_ reading: InventoryReader.Reading, file: String) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        func warn(_ key: String, of host: Inventory.Host, _ body: (String) throws(SecretError) -> Void) {
            let own = "hosts.\(host.name).ssh.\(key)"
            let path = reading.places[own] == nil ? "ssh.\(key)" : own
            do throws(SecretError) {
                try body(path)
            } catch {
                let diagnostic = reading.diagnostic(
                    .warning, at: path, file: file, message: error.message, remedy: error.remedy)
                // What all hosts share is said once.
                if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
            }
        }
        for host in balancers {
            if let password = host.ssh.password {
                warn("password", of: host) { path throws(SecretError) in try password.look(from: path) }
            }
            if let password = host.ssh.become?.password {
                warn("become.password", of: host) { path throws(SecretError) in try password.look(from: path) }
            }
            if let name = host.ssh.passphraseVariable {
                warn("passphrase_env", of: host) { path throws(SecretError) in
                    _ = try Secret.environment(name).read(from: path)
                }
            }
        }
        return diagnostics
    }
}
