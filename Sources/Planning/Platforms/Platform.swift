import Texts

/// What differs between operating systems: one file a platform. Whoever adds one names it in ``Platforms/all`` and opens
/// nothing else.
package protocol Platform: Sendable {
    /// Its name in playbooks, where `{{#platform.NAME}}` asks for it.
    static var key: String { get }
    /// The systems that are of it.
    static var meaning: Explanation { get }
    /// `ID` of those that are known by name, where others are taken for their kin; nil where that is not told apart.
    static var identifiers: Set<String>? { get }

    /// - Returns: nil where a host is something else.
    init?(_ system: System)
    /// As most of its hosts are: what is taken for granted until a host has said what it is.
    init()

    /// For people, with the version where it is known: `Enterprise Linux 7`.
    var name: String { get }
    /// The major version; empty where it is not known.
    var major: String { get }
    var packageManager: any PackageManager { get }
    /// Where files for `EnvironmentFile=` of units are kept.
    var environmentFolder: String { get }
    /// The package with the headers of OpenSSL.
    var openSSLHeaders: String { get }
    /// Names of packages, several parted by blanks, by those that the manifest has, which are Enterprise Linux 7's; the same
    /// where one is not listed, empty where it is done without.
    var packageNames: [String: String] { get }
    /// The distribution's own HAProxy.
    var packagedHAProxy: PackagedProgram { get }
    /// The distribution's own keepalived.
    var packagedKeepalived: PackagedProgram { get }
    /// What to do where packages cannot be had from where the inventory says.
    var packageAdvice: PackageAdvice { get }
    /// The release by which its publisher's archive of old releases keeps this one; nil where there is none.
    func vaultRelease(of system: System) -> String?
}

extension Platform {
    package static var identifiers: Set<String>? { nil }

    /// What the manifest's packages are called here.
    package func packages(_ names: [String]) -> [String] {
        names.flatMap { (packageNames[$0] ?? $0).split(separator: " ").map(String.init) }
    }
}

/// What to do where packages cannot be had.
package struct PackageAdvice: Sendable, Equatable {
    /// The way that replaces nothing on a host.
    package var sameRelease: String
    /// Every way that there is.
    package var everyWay: String

    package init(sameRelease: String, everyWay: String) {
        self.sameRelease = sameRelease
        self.everyWay = everyWay
    }
}

/// The platforms that hosts may be of.
package struct Platforms: Sendable {
    package var known: [any Platform.Type]

    /// - Parameter known: the first that takes a host has it; one at least.
    package init(_ known: [any Platform.Type]) { self.known = known }

    /// All that haprov manages.
    package static let all = Platforms([EnterpriseLinux.self, Debian.self])

    /// What a host is; nil where it is none of these.
    package func platform(of system: System) -> (any Platform)? {
        known.lazy.compactMap { $0.init(system) }.first
    }

    /// What is taken for granted of a host that has not said yet what it is, or is none of these: preflight refuses
    /// that one before anything is done to it, and everything else only looks.
    package var assumed: any Platform { known.first?.init() ?? EnterpriseLinux() }

    /// The platform for which plans are made.
    package func working(_ system: System?) -> any Platform { system.flatMap(platform) ?? assumed }

    /// What installs packages on them.
    package var packageManagers: [any PackageManager] { known.map { $0.init().packageManager } }

    /// Their shell functions, and those by which others ask whichever of them a host has: a source for a `ShellLibrary`.
    package var script: [UInt8] {
        let names = packageManagers.map(\.prefix)
        func all(_ function: String, _ parting: String) -> String {
            names.map { "\($0)_\(function) \"$@\"" }.joined(separator: parting)
        }
        let asking = ["packages", "owners", "repositories"].map { "probe_\($0)() { \(all($0, "; ")); }" }
        let functions = asking + ["package_owns() { \(all("owns", " || ")); }"]
        return packageManagers.flatMap(\.script) + Array((functions.joined(separator: "\n") + "\n").utf8)
    }

    /// The programs that those need, sorted.
    package var tools: [String] { Set(packageManagers.flatMap(\.tools)).sorted() }

    /// For people: all of them.
    package var list: String { known.map { $0.meaning.english }.joined(separator: "; ") }
}
