import Archives
import Digests
import Errors
import Texts

/// `tree`: the files of the inventory's own configuration of HAProxy's, which belong together.
package struct TreeResource: Resource {
    package static let kind = "tree"
    package static let meaning = Explanation(
        "The folder that the inventory names: a configuration with its certificates and maps",
        "清单指定的目录:配置及其证书和映射文件")
    package static let fields: [FieldDeclaration] = [
        .required("name", "`haproxy`: what `haproxy.config` names", "`haproxy`:即 `haproxy.config` 指定的"),
        .required("path", "Where it goes; what others put there stays", "存放的目录;其他人放入的文件保留"),
        FieldDeclaration.group,
        .optional(
            "check",
            "A command that must end 0 before a file is put in place; it sees the folder as it is going to be. No quotes or "
                + "shell signs",
            "命令,以 0 结束才会替换文件;它看到的是更改后的目录。不带引号和 shell 符号"),
        .flag(
            "packaged", false, "With `true` there may be files of an installed package among them",
            "为 `true` 时其中可以有已装软件包的文件"),
        .flag(
            "keep_owners", false, "With `true` a file that is there already keeps its mode, owner and group",
            "为 `true` 时已有文件保留原来的权限、属主和属组"),
    ]
    package static let script: [UInt8]? = PackageResources.tree_sh
    package static let changes: [any Change.Type] = [WriteTree.self]
    package static let facts: [any Fact.Type] = [TreeFacts.self]
    package var name: String
    package var path: String
    package var group: String
    package var check: String
    package var isPackaged: Bool
    /// Whether a file that is there keeps its mode and owner.
    package var keepsOwners: Bool
    package var tree: Tree
    /// Values that must not appear in output.
    private var secrets: [String]

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        name = fields.text("name")
        path = fields.path()
        group = fields.text("group")
        check = fields.command("check")
        isPackaged = fields.flag("packaged")
        keepsOwners = fields.flag("keep_owners")
        tree = context.values.tree ?? Tree()
        secrets = context.secrets
        if !name.isEmpty, name != "haproxy" || context.values.tree == nil {
            fields.fault(
                "name", "there is no tree `\(name)` here",
                "It is `haproxy`, where the inventory has `haproxy.config`: "
                    + "`when: \"{{#haproxy.own}}yes{{/haproxy.own}}\"`.")
        }
        try fields.finish()
    }

    package var writtenPaths: [String] { [path] }
    package var queries: [ProbeQuery] {
        [ProbeQuery("probe_tree", arguments: [name, path] + tree.files.flatMap { [$0.digest, $0.path] })]
    }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        let found = facts.trees[name] ?? TreeFact()
        let changed = tree.files.filter { differs($0, from: found.files[$0.path]) }
        let removed = removed(found)
        guard !changed.isEmpty || !removed.isEmpty else { return [] }
        let sent = tree.files.filter { !$0.isInitial || found.files[$0.path] == nil }
        let content = Self.archive(sent)
        let comparison = TreeComparison(path: path, mask: SecretMask(secrets), found: found)
        return [
            .change(
                WriteTree(
                    name: name, path: path, group: group, digest: SHA256.hex(content), check: check,
                    isPackaged: isPackaged, keepsOwners: keepsOwners, removed: removed,
                    initial: tree.files.filter(\.isInitial).map(\.path),
                    content: .bytes(content), diff: comparison.diff(changed, removed: removed),
                    summary: comparison.summary(changed, removed: removed, checker: checker)))
        ]
    }

    private var checker: String { String(check.prefix { $0 != " " }) }

    private func differs(_ file: TreeFile, from found: FileFact?) -> Bool {
        guard let found else { return true }
        if file.isInitial { return false }
        if found.kind != .file || found.digest != file.digest { return true }
        return !keepsOwners && (found.mode != file.mode || found.owner != "root" || found.group != group)
    }

    /// What haprov put there, is still there and is wanted no longer.
    private func removed(_ found: TreeFact) -> [String] {
        let wanted = Set(tree.files.map(\.path))
        return found.record.subtracting(wanted).filter { found.files[$0] != nil && !isUnmanaged($0) }.sorted()
    }

    private func isUnmanaged(_ path: String) -> Bool { tree.unmanaged.contains { Wildcard.matches($0, path) } }

    /// What others put there, and which may be in the way one day.
    package func remarks(facts: Facts) -> [String] {
        guard let found = facts.trees[name] else { return [] }
        let wanted = Set(tree.files.map(\.path)).union(found.record)
        let others = found.files.keys.filter { !wanted.contains($0) && !isUnmanaged($0) }.sorted()
        guard !others.isEmpty else { return [] }
        let more = others.count > 5 ? " and \(others.count - 5) more" : ""
        return [
            "below \(path) there is what haprov did not put there, and it stays: "
                + others.prefix(5).joined(separator: ", ") + more
        ]
    }

    /// A tar of the files, the same for the same files.
    static func archive(_ files: [TreeFile]) -> [UInt8] {
        var bytes: [UInt8] = []
        for file in files {
            let mode = Int(file.mode, radix: 8) ?? 0o600
            bytes += TarWriter.header(file.path, size: file.content.count, mode: mode, modified: 0)
            bytes += file.content + TarWriter.padding(after: file.content.count)
        }
        return bytes + TarWriter.end
    }
}
