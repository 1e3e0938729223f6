/// What a lab's hosts find when they ask for packages.
package enum LabFlavour: String, Sendable, Codable, CaseIterable {
    /// A local repository that works.
    case standard
    /// The repositories that CentOS 7.7 was shipped with, which nobody answers for any more.
    case deadRepositories = "dead-repositories"
}
