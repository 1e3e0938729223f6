import Digests
import Errors
import Texts

/// A kind that writes a text of the playbook's.
package protocol TextResource: Resource {
    var target: FileTarget { get }
    var content: [UInt8] { get }
}

extension TextResource {
    package var writtenPaths: [String] { [target.path] }
    package var queries: [ProbeQuery] { [.file(target.path, content: true), .owner(of: target.path)] }
    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        try target.steps(.bytes(content), digest: SHA256.hex(content), facts: facts, host: context.host.name)
    }
}

/// `file`: a file with the content that the playbook gives.
package struct FileResource: TextResource {
    package static let kind = "file"
    package static let meaning = Explanation(
        "A file with the content given here",
        "内容写在这里的文件")
    package static let fields =
        [.optional("content", "Its text; empty where it is left out", "文件内容,不写则为空")]
        + FileTarget.fields(mode: "0644") + [
            .secret("also where its mode lets nobody else read it", "权限不让别人读时也是如此"),
            .flag(
                "once", false,
                "With `true` it is written where there is none; what stands there later is left alone",
                "为 `true` 时只在没有该文件时写入,之后其中的内容不再过问"),
        ]
    package static let script: [UInt8]? = PackageResources.file_sh
    package static let changes: [any Change.Type] = [WriteFile.self, SetMode.self]
    package static let facts: [any Fact.Type] = [FileFacts.self]
    package var target: FileTarget
    package var content: [UInt8]
    /// Whether it is left alone where it is there.
    package var isInitial: Bool

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        content = Array(fields.rawText("content").utf8)
        isInitial = fields.flag("once")
        target = FileTarget(fields, kind: Self.kind, secrets: context.secrets)
        target.secrecy = fields.flag("secret") ? .always : .byMode
        try fields.finish()
    }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        if isInitial, facts.files[target.path]?.kind == .file { return [] }
        return try target.steps(.bytes(content), digest: SHA256.hex(content), facts: facts, host: context.host.name)
    }
}

/// `template`: a file rendered from one of the playbooks' templates.
package struct TemplateResource: TextResource {
    package static let kind = "template"
    package static let meaning = Explanation(
        "A file rendered from a template",
        "由模板生成的文件")
    package static let fields =
        [.required("source", "A template's name, such as `haproxy.cfg.mustache`", "模板的文件名,例如 `haproxy.cfg.mustache`")]
        + FileTarget.fields(mode: "0644") + [.secret("passwords are masked elsewhere", "其余情况遮住密码")]
    package static let script: [UInt8]? = nil
    package var target: FileTarget
    package var content: [UInt8]

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        content = Array(fields.template("source", context).utf8)
        target = FileTarget(fields, kind: Self.kind, secrets: context.secrets)
        target.secrecy = fields.flag("secret") ? .always : .byContent
        try fields.finish()
    }
}

/// Where a file should be and whose: what `file`, `template` and `program` share.
package struct FileTarget: Sendable {
    package var path: String
    package var mode: String
    package var owner: String
    package var group: String
    /// A command in which `{}` stands for the new file; it must end 0 before the file is put in place.
    package var check: String
    /// Whether it may be a file of an installed package.
    package var isPackaged: Bool
    package var kind: String
    package var secrets: [String]
    package var secrecy = Secrecy.byContent

    /// When a content is shown by its size alone.
    package enum Secrecy {
        /// Where it holds a private key.
        case byContent
        /// Also where its mode, old or new, gives nobody else a look.
        case byMode
        case always
    }

    package init(_ fields: Fields, kind: String, secrets: [String]) {
        path = fields.path()
        mode = fields.mode()
        owner = fields.text("owner")
        group = fields.text("group")
        check = fields.command("check")
        isPackaged = fields.flag("packaged")
        self.kind = kind
        self.secrets = secrets
    }

    static func fields(mode: String) -> [FieldDeclaration] {
        [
            .required("path", "Absolute", "绝对路径"), .mode(mode), .owner, .group,
            .optional(
                "check",
                "A command, `{}` in it the new file, that must end 0 before it is put in place; no quotes or shell signs",
                "命令,其中 `{}` 代表新文件;以 0 结束才会替换;不带引号和 shell 符号"),
            .flag(
                "packaged", false,
                "With `true` it may be a file of an installed package, such as its configuration, which rollback gives back",
                "为 `true` 时可以是已装软件包的文件,例如它的配置;回滚时还原"),
        ]
    }

    package func steps(
        _ content: Content, digest: String, facts: Facts, host: String
    ) throws(Failure) -> [Step] {
        let found = facts.files[path] ?? FileFact(kind: .absent)
        if found.kind == .directory {
            throw Failure(
                .preflight, host: host, step: "\(kind) \(path)",
                summary: "\(path) is a directory where a file should be",
                remedy: "Move it away, then run haprov again.")
        }
        if found.kind == .file, found.digest == digest {
            guard found.mode != mode || found.owner != owner || found.group != group else { return [] }
            return [
                .change(
                    SetMode(
                        kind: kind, path: path, mode: mode, owner: owner, group: group, expected: found.withoutContent))
            ]
        }
        if !isPackaged, let package = facts.owners[path] {
            throw Failure(
                .preflight, host: host, step: "\(kind) \(path)",
                summary: "\(path) belongs to the installed package \(package) and is not overwritten",
                remedy: "Remove that package, or change the path in the playbook.")
        }
        var change = WriteFile(
            kind: kind, path: path, mode: mode, owner: owner, group: group, digest: digest, check: check,
            content: content, expected: found.withoutContent)
        if case .bytes(let new) = content {
            change.isSecret = isSecret(new, found)
            change.diff = change.isSecret ? sizes(new, found) : diff(new, found)
        }
        return [.change(change)]
    }

    private func isSecret(_ new: [UInt8], _ found: FileFact) -> Bool {
        switch secrecy {
        case .always: return true
        case .byMode where [mode, found.kind == .file ? found.mode : ""].contains(where: Self.isPrivate): return true
        case .byContent, .byMode: return [new, found.content ?? []].contains(where: SecretMask.holdsPrivateKey)
        }
    }

    /// Neither the group nor others may read.
    private static func isPrivate(_ mode: String) -> Bool { Int(mode, radix: 8).map { $0 & 0o044 == 0 } ?? false }

    private func sizes(_ new: [UInt8], _ found: FileFact) -> String {
        "(secret: \(new.count) bytes\(found.kind == .file ? ", \(found.size) before" : ""))\n"
    }

    /// Nil for what is too large to have been asked for.
    private func diff(_ new: [UInt8], _ found: FileFact) -> String? {
        if found.kind == .file, found.content == nil { return nil }
        let mask = SecretMask(secrets)
        let old = mask.masked(String(decoding: found.content ?? [], as: UTF8.self))
        return TextDiff.unified(from: old, to: mask.masked(String(decoding: new, as: UTF8.self)), path: path)
            ?? "(only secrets differ)\n"
    }
}
