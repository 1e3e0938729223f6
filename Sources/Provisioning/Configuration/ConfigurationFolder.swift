import FoundationEssentials
import Glibc
import Inventory
import Planning
import Texts

/// The operator's own configuration as it lies on the controller: reads its files, and says what cannot be taken as it is.
package struct ConfigurationFolder {
    /// What is wrong with it.
    package struct Fault: Sendable, Equatable {
        /// The key of the inventory that it is about, such as `haproxy.config.per_host`.
        package var key: String
        package var isError = true
        package var message: String
        package var remedy: String
    }

    /// Bytes of all files together: they travel to every host, and are kept there for the way back.
    static let maximumSize = 32 << 20

    private let own: OwnConfiguration
    private var size = 0
    private(set) var faults: [Fault] = []

    /// Reads what a cluster's inventory names.
    ///
    /// - Parameter hosts: the names that `per_host` may have folders for.
    /// - Returns: the same with its files, as far as they could be read.
    package static func read(_ own: OwnConfiguration, hosts: [String]) -> (OwnConfiguration, [Fault]) {
        var folder = ConfigurationFolder(own: own)
        var filled = own
        filled.files = folder.common()
        filled.hostFiles = folder.ofHosts(hosts)
        return (filled, folder.faults)
    }

    private init(own: OwnConfiguration) { self.own = own }

    private mutating func fault(
        _ message: String, _ remedy: String, key: String = "haproxy.config", isError: Bool = true
    ) {
        faults.append(Fault(key: key, isError: isError, message: message, remedy: remedy))
    }

    private mutating func common() -> [String: [UInt8]] {
        let path = own.source
        guard let kind = Self.kind(of: path) else {
            fault(
                "\(path), which `haproxy.config` names, is not there",
                "Name the folder with haproxy.cfg, or that file; the path starts from the inventory's folder.")
            return [:]
        }
        guard kind == S_IFDIR else {
            let suffix = path.hasSuffix(OwnConfiguration.templateSuffix) ? OwnConfiguration.templateSuffix : ""
            return read(path).map { [OwnConfiguration.mainFile + suffix: $0] } ?? [:]
        }
        let files = files(below: path)
        let names = Set(files.keys.map(OwnConfiguration.withoutSuffix))
        if !names.contains(OwnConfiguration.mainFile), size <= Self.maximumSize {
            fault("\(path) has no \(OwnConfiguration.mainFile)", "HAProxy reads that file first: put it there.")
        }
        if names.contains(OwnConfiguration.addedFile) {
            fault(
                "\(path) has a file \(OwnConfiguration.addedFile), which is the name of what haprov adds",
                "Call it otherwise.")
        }
        return files
    }

    private mutating func ofHosts(_ hosts: [String]) -> [String: [String: [UInt8]]] {
        guard let path = own.perHost else { return [:] }
        let key = "haproxy.config.per_host"
        guard Self.kind(of: path) == S_IFDIR else {
            fault("\(path) is no folder", "Make it, with a folder for each host that differs.", key: key)
            return [:]
        }
        var found: [String: [String: [UInt8]]] = [:]
        for name in Self.names(in: path) {
            guard hosts.contains(name) else {
                fault(
                    "\(path)/\(name) is for no balancer",
                    "Its folders have the names of balancers: "
                        + "\(hosts.joined(separator: ", ")).", key: key)
                continue
            }
            found[name] = files(below: "\(path)/\(name)")
        }
        return found
    }

    /// Without what is hidden.
    private static func names(in path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") }.sorted()
    }

    /// As of `st_mode`; nil where there is nothing.
    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    private mutating func files(below root: String) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        var folders = [""]
        while let folder = folders.popLast() {
            for name in Self.names(in: folder.isEmpty ? root : "\(root)/\(folder)") {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                let whole = "\(root)/\(path)"
                guard whole != own.perHost, isUsable(name, at: whole) else { continue }
                switch Self.kind(of: whole) {
                case S_IFDIR: folders.append(path)
                case S_IFREG: found[path] = read(whole)
                default:
                    fault(
                        "\(whole) is neither a file nor a folder", "Take it out of the folder, or hide it: `.\(name)`.")
                }
            }
        }
        for path in found.keys.sorted() where found[path + OwnConfiguration.templateSuffix] != nil {
            fault(
                "\(root) has \(path) and the template of the same file",
                "Keep one of the two.")
        }
        return found
    }

    /// Names go through lists of lines and words.
    private mutating func isUsable(_ name: String, at path: String) -> Bool {
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" }
        if isPlain, name.trimmingBlanks() == name { return true }
        fault(
            "the name of \(path.debugDescription) has blanks at an end, control characters or backslashes",
            "Give it another one.")
        return false
    }

    private mutating func read(_ path: String) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path) else {
            fault("\(path) cannot be read", "Look at its rights.")
            return nil
        }
        let before = size
        size += data.count
        if before <= Self.maximumSize, size > Self.maximumSize {
            fault(
                "\(own.source) has more than \(Self.maximumSize >> 20) MiB",
                "What is large, such as a database of addresses, is better brought by another way; name it in `unmanaged`."
            )
        }
        guard size <= Self.maximumSize else { return nil }
        warnOfKey(path, Array(data))
        return Array(data)
    }

    private mutating func warnOfKey(_ path: String, _ content: [UInt8]) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0, SecretMask.holdsPrivateKey(content) else { return }
        fault("others can read the private key in \(path)", "`chmod 600 \(path)`.", isError: false)
    }
}
