/// Installs packages, with what they need.
package struct InstallPackages: Change {
    package static let functions = Platforms.all.packageManagers.map(\.installs)
    package var function: String
    /// The name of what installs them.
    package var manager: String
    /// None of these is there before.
    package var names: [String]
    /// `host`, or the directory on the host that holds the only repository file to use.
    package var source: String
    /// Whether packages that are there may be replaced.
    package var mayUpgrade: Bool

    package init(by manager: any PackageManager, names: [String], source: String, mayUpgrade: Bool) {
        function = manager.installs
        self.manager = manager.name
        self.names = names
        self.source = source
        self.mayUpgrade = mayUpgrade
    }

    package init?(function: String, arguments: [String]) {
        guard arguments.count >= 3,
            let manager = Platforms.all.packageManagers.first(where: { $0.installs == function })
        else { return nil }
        self.init(
            by: manager, names: Array(arguments.dropFirst(2)), source: arguments[0],
            mayUpgrade: arguments[1] == "allow-upgrades")
    }

    package var arguments: [String] { [source, mayUpgrade ? "allow-upgrades" : "refuse-upgrades"] + names }
    package var subject: Subject { Subject(PackageResource.kind, names.joined(separator: " ")) }
    package var summary: String { "install \(names.joined(separator: ", ")) by \(manager)" }
    package var isBarrier: Bool { true }
    package var writes: [String] { ["/usr", "/etc", "/var/lib"] }
    package var bringsManyFiles: Bool { true }
    package var installsPackages: Bool { true }
    package var drift: [String] { names.map { "package \($0) is missing" } }
}
