/// What is looked at on a host beside what resource kinds ask.
package enum HostLooks {
    /// The shell functions: sources for a `ShellLibrary`.
    package static let scripts = [
        PackageResources.probe_sh, PackageResources.wire_sh, PackageResources.running_sh, PackageResources.network_sh,
        PackageResources.duty_sh, PackageResources.fitness_sh, PackageResources.standing_sh,
        PackageResources.adopt_sh,
    ]
    /// What is read from their answers.
    package static let facts: [any Fact.Type] = [
        SystemFacts.self, AddressFacts.self, JournalFacts.self, LockFacts.self, WireFacts.self, RunningFacts.self,
        ProgramFacts.self, NetworkFacts.self, DutyFacts.self, FitnessFacts.self, StandingFacts.self,
        AdoptionFacts.self,
    ]
}
