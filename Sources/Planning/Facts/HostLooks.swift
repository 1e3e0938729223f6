/// The shell functions that look at a host beside what resource kinds ask.
package enum HostLooks {
    /// Sources for a `ShellLibrary`.
    package static let scripts = [PackageResources.probe_sh, PackageResources.wire_sh, PackageResources.running_sh]
}
