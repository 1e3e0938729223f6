/// What installs packages, as far as plans depend on it; its shell functions stand in `Kinds/Package`.
package protocol PackageManager: Sendable {
    /// As its users call it: `yum`.
    var name: String { get }
    /// The programs without which it does nothing.
    var tools: [String] { get }
    /// The host function that installs; see ``InstallPackages``.
    var installs: String { get }
    /// Whether it can install from a folder of RPMs and from a vault: `package_try_rpms`, `package_try_vault`.
    var takesRPMs: Bool { get }

    /// The call that asks it what it would do with the host's own repositories.
    func question(_ names: [String]) -> [String]
    /// Reads the answer.
    func transaction(source: String, answer: String) -> PackageTransaction
    /// Why nothing can be had from a host's own repositories, in a sentence; nil where that is not known.
    func fault(of repositories: [RepositoryFact]) -> String?
    /// The major version of a package, as answers and facts name it; nil where that tells none.
    func majorVersion(of package: String) -> Int?
    /// Whether an answer's name with its version is that of a package.
    func isPackage(_ package: String, named name: String) -> Bool
}
