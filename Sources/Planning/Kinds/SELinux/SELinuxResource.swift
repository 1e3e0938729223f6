import Errors
import Texts

/// `selinux`: a boolean of SELinux's policy, now and after a restart.
///
/// Where SELinux is not in use there is nothing to set.
package struct SELinuxResource: Resource {
    package static let kind = "selinux"
    package static let meaning = Explanation(
        "An SELinux boolean, at run time and permanently; nothing where SELinux is not in use. Tried out "
            + "with stand-ins for `getsebool` and `setsebool`, not on an enforcing host yet",
        "SELinux 布尔值,运行时和永久生效;未启用 SELinux 则不做。只用 `getsebool` 和 `setsebool` 的替身测试过,尚未在 enforcing 的主机上运行过")
    package static let fields: [FieldDeclaration] = [
        .required("boolean", "Such as `haproxy_connect_any`", "例如 `haproxy_connect_any`"),
        .required("value", "`on` or `off`", "`on` 或 `off`"),
    ]
    package static let script: [UInt8]? = PackageResources.selinux_sh
    package static let changes: [any Change.Type] = [SetBoolean.self]
    package static let facts: [any Fact.Type] = [SELinuxFacts.self]
    package var boolean: String
    /// `on` or `off`.
    package var value: String

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        boolean = fields.text("boolean")
        value = fields.text("value")
        if !boolean.isEmpty, boolean.wholeMatch(of: /[A-Za-z0-9_]+/) == nil {
            fields.fault(
                "boolean", "`\(boolean)` is not an SELinux boolean's name",
                "Write it as `getsebool -a` does: `haproxy_connect_any`.")
        }
        if !value.isEmpty, !["on", "off"].contains(value) {
            fields.fault("value", "`value` must be on or off, not `\(value)`", "Write `value: on` or `value: off`.")
        }
        try fields.finish()
    }

    package var queries: [ProbeQuery] { [ProbeQuery("probe_selinux", boolean)] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        guard let found = facts.booleans[boolean] else { return [] }
        if found.active.isEmpty {
            throw Failure(
                .preflight, host: context.host.name, step: "selinux \(boolean)",
                summary: "the SELinux policy of this host has no boolean \(boolean)",
                remedy: "`getsebool -a` on \(context.host.name) lists them. Correct the name, or take the step out.")
        }
        // What is kept nowhere is the policy's own value, which may be another one.
        if found.active == value, found.kept == value { return [] }
        return [.change(SetBoolean(name: boolean, value: value, expected: found))]
    }
}
