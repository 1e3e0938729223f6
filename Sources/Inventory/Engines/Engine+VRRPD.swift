extension Engine {
    /// haprov's own, shipped as one static program.
    package static let vrrpd = Engine(
        name: "vrrpd", program: "haprov-vrrpd", choice: nil, testsConfiguration: { _ in false }, leavesChildren: false,
        hasOtherUses: false, endsByItself: { $0.dropFirst().first != "run" },
        // It does not run a check that asks for a process alone: it learns of the process's death from the kernel.
        detection: { $0 == .restartFirst ? $0.interval : 0 }, returnWithoutHolder: { _, _ in 0 })
}
