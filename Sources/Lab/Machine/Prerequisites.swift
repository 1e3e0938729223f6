import Errors
import Foundation

/// What the lab needs of the machine it runs on.
enum Prerequisites {
    /// Programs and the Debian packages that bring them.
    static let programs: [(program: String, package: String)] = [
        ("mmdebstrap", "mmdebstrap"), ("systemd-nspawn", "systemd-container"), ("ip", "iproute2"),
        ("ssh", "openssh-client"), ("ssh-keygen", "openssh-client"), ("nsenter", "util-linux"),
        ("unshare", "util-linux"), ("setsid", "util-linux"), ("setpriv", "util-linux"), ("mount", "mount"),
        ("mkfs.ext4", "e2fsprogs"), ("dpkg-deb", "dpkg"),
        ("awk", "mawk"), ("sha256sum", "coreutils"), ("chroot", "coreutils"),
    ]

    /// - Throws: a preflight failure that names everything that is missing and the command that installs it.
    static func check(isRoot: Bool = geteuid() == 0, folders: [String] = searchPath) throws(Failure) {
        let missing = missing(in: folders)
        guard missing.isEmpty else {
            throw Failure(
                .preflight, step: "lab",
                summary: "this machine lacks \(missing.map(\.program).joined(separator: ", "))",
                remedy: "Run: apt-get install -y " + packages(of: missing).joined(separator: " "))
        }
        guard isRoot else {
            throw Failure(
                .preflight, step: "lab", summary: "the lab boots hosts and must run as root",
                remedy: "Run the same command with sudo.")
        }
    }

    static func missing(in folders: [String]) -> [(program: String, package: String)] {
        programs.filter { entry in !folders.contains { access("\($0)/\(entry.program)", X_OK) == 0 } }
    }

    static func packages(of missing: [(program: String, package: String)]) -> [String] {
        var packages: [String] = []
        for entry in missing where !packages.contains(entry.package) { packages.append(entry.package) }
        return packages
    }

    static var searchPath: [String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").map(String.init) + [
            "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin",
        ]
    }
}
