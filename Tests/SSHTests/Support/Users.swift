import Foundation

/// Users, passwords and sudo rules that exist only for one sshd: bound over /etc in a mount namespace of its own.
struct Users {
    /// Whether this machine lets the tests make mount namespaces.
    static let canBeMade: Bool = {
        let result = try? Command.run(
            "/usr/bin/unshare", ["--mount", "/bin/mount", "--bind", "/etc/passwd", "/etc/passwd"])
        return result?.status == 0
    }()
    static let cannot = "mount namespaces need root and unshare here"

    static let password = "pass word ü'\"$"
    static let rootPassword = "root's own % word"

    let directory: TemporaryDirectory
    /// What goes in front of sshd.
    let wrapper: [String]

    /// - Parameters:
    ///   - shell: the login shell of the user `worker`.
    ///   - sudoers: the lines of /etc/sudoers.
    ///   - ages: the fields after the password in /etc/shadow.
    ///   - sh: the program that /bin/sh is there; nil for this machine's own.
    init(shell: String = "/bin/sh", sudoers: String = "", ages: String = "19000:0:99999:7:::", sh: String? = nil) throws
    {
        let directory = try TemporaryDirectory()
        self.directory = directory
        chmod(directory.path, 0o711)
        func hash(_ password: String) throws -> String {
            try Command.run(
                "/usr/bin/openssl", ["passwd", "-6", "-salt", "haprov", "-stdin"], input: Data((password + "\n").utf8)
            ).output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let passwd = try String(contentsOfFile: "/etc/passwd", encoding: .utf8)
        let others = try String(contentsOfFile: "/etc/shadow", encoding: .utf8).split(separator: "\n").filter {
            !$0.hasPrefix("root:")
        }
        let shadow = "root:\(try hash(Self.rootPassword)):19000:0:99999:7:::\n" + others.map { $0 + "\n" }.joined()
        let word = try hash(Self.password)
        directory.file("passwd", passwd + "worker:x:4242:4242::/:\(shell)\n")
        directory.file("shadow", shadow + "worker:\(word):\(ages)\n")
        directory.file("sudoers", sudoers + "\n")
        chmod(directory.path("passwd"), 0o644)
        chmod(directory.path("sudoers"), 0o440)
        var mounts = ["passwd", "shadow"].map { "mount --bind \(directory.path($0)) /etc/\($0)" }
        if FileManager.default.fileExists(atPath: "/etc/sudoers") {
            mounts.append("mount --bind \(directory.path("sudoers")) /etc/sudoers")
        }
        if let sh { mounts.append("mount --bind \(sh) \"$(readlink -f /bin/sh)\"") }
        wrapper = [
            "/usr/bin/unshare", "--mount", "/bin/bash", "-c", mounts.joined(separator: " && ") + " && exec \"$@\"",
            "bash",
        ]
    }

    /// - Parameter mounts: files, and over which they are bound.
    func server(
        _ options: [String] = [], accepts: [Keys.Kind] = [.ed25519], mounts: [(file: String, over: String)] = []
    ) throws -> Server {
        let script = mounts.map { "mount --bind \($0.file) \($0.over) && " }.joined() + "exec \"$@\""
        return try Server(
            accepts: accepts, options: options, wrapper: wrapper + ["/bin/bash", "-c", script, "bash"])
    }
}
