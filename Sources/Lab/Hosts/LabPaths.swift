import Foundation

/// Where labs keep what is theirs.
struct LabPaths: Sendable {
    var name: LabName
    /// What a lab is: its disks, keys, inventory. `HAPROV_LAB_STATE`, or /var/lib/haprov-lab.
    var root: String
    /// Base images. `HAPROV_LAB_CACHE`, or /var/cache/haprov/lab.
    var cache: String

    /// Locks, which need not outlive the machine's run.
    static let locks = "/run/haprov-lab"
    static let namespaces = "/run/netns"

    init(name: LabName, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.name = name
        root = Self.folder(environment["HAPROV_LAB_STATE"], else: "/var/lib/haprov-lab")
        cache = Self.folder(environment["HAPROV_LAB_CACHE"], else: "/var/cache/haprov/lab")
    }

    private static func folder(_ given: String?, else standard: String) -> String {
        guard let given, !given.isEmpty else { return standard }
        return URL(fileURLWithPath: given).standardizedFileURL.path
    }

    var folder: String { "\(root)/\(name)" }
    var state: String { folder + "/state.json" }
    var inventory: String { folder + "/inventory.yml" }
    /// The tarballs, or a link to them.
    var assets: String { folder + "/assets" }
    var identity: String { folder + "/id_ed25519" }
    var knownHosts: String { folder + "/known_hosts" }
    var hostScript: String { folder + "/host.sh" }
    var lock: String { "\(Self.locks)/\(name).lock" }
    /// The control group of everything in the lab, below the hierarchy's root.
    var group: String { "haprov-lab.\(name)" }

    func disk(of host: LabHost) -> String { "\(folder)/hosts/\(host.name)" }
    /// The folder of what a host has written, with the layers of an overlay.
    func store(of host: LabHost) -> String {
        image(of: host).exists ? image(of: host).mountPoint : disk(of: host)
    }
    func image(of host: LabHost) -> DiskImage {
        DiskImage(path: disk(of: host) + "/disk.img", mountPoint: disk(of: host) + "/store")
    }
    func console(of host: LabHost) -> String { disk(of: host) + "/console.log" }
    func machine(of host: LabHost) -> String { "haprov-\(name)-\(host.port)" }

    /// Network namespaces. `+` cannot be in a host's name.
    var switchNamespace: String { "haprov.\(name)+switch" }
    var controllerNamespace: String { "haprov.\(name)+controller" }
    func namespace(of host: LabHost) -> String { "haprov.\(name).\(host.name)" }
}
