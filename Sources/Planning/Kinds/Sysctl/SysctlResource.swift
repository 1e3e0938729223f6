import Errors
import Texts

/// `sysctl`: a kernel setting at run time; a `file` in /etc/sysctl.d keeps it over a reboot.
package struct SysctlResource: Resource {
    package static let kind = "sysctl"
    package static let meaning = Explanation(
        "A kernel setting at run time; a `file` in `/etc/sysctl.d` keeps it",
        "运行时的内核参数;要长期保留,再用 `file` 写到 `/etc/sysctl.d`")
    package static let fields: [FieldDeclaration] = [
        .required("key", "Such as `net.ipv4.ip_nonlocal_bind`", "例如 `net.ipv4.ip_nonlocal_bind`"),
        .required("value", "What it is set to", "要设的值"),
    ]
    package static let script: [UInt8]? = PackageResources.sysctl_sh
    package static let changes: [any Change.Type] = [SetSysctl.self]
    package static let facts: [any Fact.Type] = [SysctlFacts.self]
    package var key: String
    package var value: String

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        key = fields.text("key")
        value = fields.text("value")
        if !key.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) }) || key.contains("..") {
            fields.fault(
                "key", "`\(key)` is not a sysctl's name", "Write it as `sysctl -a` does: `net.ipv4.ip_nonlocal_bind`.")
        }
        try fields.finish()
    }

    package var queries: [ProbeQuery] { [ProbeQuery("probe_sysctl", key)] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        let found = facts.sysctls[key] ?? ""
        if found == value { return [] }
        if found.isEmpty {
            throw Failure(
                .preflight, host: context.host.name, step: "sysctl \(key)",
                summary: "this kernel has no setting \(key)", remedy: "Take it out of the playbook.")
        }
        return [.change(SetSysctl(key: key, value: value, expected: found))]
    }
}
