import Inventory

/// What installs packages, as far as plans depend on it; its shell functions stand in a file of its name beside.
package protocol PackageManager: Sendable {
    /// As its users call it: `dnf`.
    var name: String { get }
    /// What the names of its shell functions begin with, ``name`` where nothing else is said: `yum`.
    var prefix: String { get }
    /// The shell functions: a source for a `ShellLibrary`. Those that install, as ``installs`` and ``question(_:)`` name them; and
    /// `PREFIX_packages NAME…`, `PREFIX_owners PATH…`, `PREFIX_repositories`, which answer with the records of ``PackageFacts``
    /// and say nothing where a host has no such package manager, and `PREFIX_owns PATH`, which succeeds where a package of its
    /// has that file.
    var script: [UInt8] { get }
    /// The programs that it is made of; hosts are asked for them.
    var tools: [String] { get }
    /// What it misses where these programs are there and those are not: all ``tools`` where nothing else is said.
    func missing(from tools: [String: Bool]) -> [String]
    /// The host function that installs; see ``InstallPackages``.
    var installs: String { get }
    /// Whether it can install from there.
    func takes(_ source: PackageSource) -> Bool

    /// The call that asks it what it would do with the host's own repositories.
    func question(_ names: [String]) -> [String]
    /// Reads the answer.
    func transaction(source: String, answer: String) -> PackageTransaction
    /// Why nothing can be had from a host's own repositories, in a sentence; nil where that is not known.
    func fault(of repositories: [RepositoryFact]) -> String?
    /// The version that its publisher gave a package, without epoch and without what the distribution adds, such as `2.6.12`;
    /// nil where the package's name, as answers and facts have it, tells none.
    func version(of package: String) -> String?
    /// Whether an answer's name with its version is that of a package.
    func isPackage(_ package: String, named name: String) -> Bool
}

extension PackageManager {
    package var prefix: String { name }
    package func missing(from tools: [String: Bool]) -> [String] { self.tools.filter { tools[$0] != true } }
    package func majorVersion(of package: String) -> Int? {
        version(of: package).flatMap { Int($0.prefix { $0 != "." }) }
    }
}
