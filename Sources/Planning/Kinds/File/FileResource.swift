import Digests
import Errors

/// A kind that writes a text of the playbook's.
package protocol TextResource: Resource {
    var target: FileTarget { get }
    var content: [UInt8] { get }
}

extension TextResource {
    package var writtenPaths: [String] { [target.path] }
    package var queries: [ProbeQuery] { [.file(target.path, content: true)] }
    package var ownedPaths: [String] { [target.path] }
    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        try target.steps(.bytes(content), digest: SHA256.hex(content), facts: facts, host: context.host.name)
    }
}

/// `file`: a file with the content that the playbook gives.
package struct FileResource: TextResource {
    package static let kind = "file"
    package static let script: [UInt8]? = PackageResources.file_sh
    package static let changes: [any Change.Type] = [WriteFile.self, SetMode.self]
    package var target: FileTarget
    package var content: [UInt8]

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        content = Array(fields.rawText("content").utf8)
        target = try FileTarget(fields, kind: Self.kind, secrets: context.secrets)
        target.secrecy = try fields.flag("secret", default: false) ? .always : .byMode
        try fields.finish()
    }
}

/// `template`: a file rendered from one of the playbooks' templates.
package struct TemplateResource: TextResource {
    package static let kind = "template"
    package static let script: [UInt8]? = nil
    package var target: FileTarget
    package var content: [UInt8]

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        content = Array(try context.template(try fields.text("source")).utf8)
        target = try FileTarget(fields, kind: Self.kind, secrets: context.secrets)
        target.secrecy = try fields.flag("secret", default: false) ? .always : .byContent
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

    package init(
        _ fields: Fields, mode standard: String = "0644", kind: String, secrets: [String]
    ) throws(PlaybookError) {
        path = try fields.path()
        mode = try fields.mode(default: standard)
        owner = try fields.text("owner", default: "root")
        group = try fields.text("group", default: "root")
        check = try fields.text("check", default: "")
        if check.contains(where: { "'\"\\$`*?[;&|<>()".contains($0) }) {
            throw PlaybookError(
                fields.place, "`check` is a command and its arguments, without quotes or other shell signs")
        }
        self.kind = kind
        self.secrets = secrets
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
        if let package = facts.owners[path] {
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
