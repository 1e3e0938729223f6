import HostShell

/// The kernel settings that were asked about.
package struct SysctlFacts: Fact {
    package var sysctls: [String: String] = [:]

    package init() {}

    package static let words: Set = ["sysctl"]

    package mutating func take(_ record: Record) { sysctls[record[1]] = record[2] }
}

extension Facts {
    /// By key; empty where the kernel has none of that name.
    package var sysctls: [String: String] {
        get { self[SysctlFacts.self].sysctls }
        set { self[SysctlFacts.self].sysctls = newValue }
    }
}
