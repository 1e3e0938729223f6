import SSH

/// `file`: a file with the content that the playbook gives.
struct FileResource: Resource {
    static let kind = "file"
    var target: FileTarget

    init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        let content = fields.rawText("content")
        target = try FileTarget(fields, content: content, resource: "file", secrets: context.secrets)
        try fields.finish()
    }

    var queries: [ProbeQuery] { target.queries }
    var ownedPaths: [String] { [target.path] }
    func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        try target.steps(facts: facts, host: context.host.name)
    }
}

/// `template`: a file rendered from one of the playbooks' templates.
struct TemplateResource: Resource {
    static let kind = "template"
    var target: FileTarget

    init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        let content = try context.template(try fields.text("source"))
        target = try FileTarget(fields, content: content, resource: "template", secrets: context.secrets)
        try fields.finish()
    }

    var queries: [ProbeQuery] { target.queries }
    var ownedPaths: [String] { [target.path] }
    func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        try target.steps(facts: facts, host: context.host.name)
    }
}

/// A file as it should be: what `file` and `template` share.
struct FileTarget: Sendable {
    var path: String
    var mode: String
    var owner: String
    var group: String
    var content: [UInt8]
    /// A command in which `{}` stands for the new file; it must end 0 before the file is put in place.
    var check: String
    var resource: String
    var secrets: [String]

    init(_ fields: Fields, content: String, resource: String, secrets: [String]) throws(PlaybookError) {
        path = try fields.path()
        mode = try fields.mode(default: "0644")
        owner = try fields.text("owner", default: "root")
        group = try fields.text("group", default: "root")
        check = try fields.text("check", default: "")
        if check.contains(where: { "'\"\\$`*?[;&|<>()".contains($0) }) {
            throw PlaybookError(
                fields.place, "`check` is a command and its arguments, without quotes or other shell signs")
        }
        self.content = Array(content.utf8)
        self.resource = "\(resource) \(path)"
        self.secrets = secrets
    }

    var queries: [ProbeQuery] { [.file(path, content: true)] }

    func steps(facts: Facts, host: String) throws(Failure) -> [Step] {
        let found = facts.files[path] ?? FileFact(kind: .absent)
        if found.kind == .directory {
            throw Failure(
                .preflight, host: host, step: resource, summary: "\(path) is a directory where a file should be",
                remedy: "Move it away, then run haprov again.")
        }
        let digest = SHA256.hex(content)
        if found.kind == .file, found.digest == digest {
            guard found.mode != mode || found.owner != owner || found.group != group else { return [] }
            return [
                .change(
                    Change(
                        "file_mode", [path, mode, owner, group], resource: resource,
                        summary:
                            "set \(path) to \(mode) \(owner):\(group) (was \(found.mode) \(found.owner):\(found.group))"
                    ))
            ]
        }
        if let package = facts.owners[path] {
            throw Failure(
                .preflight, host: host, step: resource,
                summary: "\(path) belongs to the installed package \(package) and is not overwritten",
                remedy: "Remove that package, or change the path in the playbook.")
        }
        let verb = found.kind == .absent ? "create" : "change"
        let checked = check.isEmpty ? "" : ", checked by \(check.prefix { $0 != " " })"
        return [
            .change(
                Change(
                    "file_write", [path, mode, owner, group, digest, check], resource: resource,
                    summary: "\(verb) \(path) (\(mode) \(owner):\(group)\(checked))", content: .bytes(content),
                    diff: diff(found)))
        ]
    }

    /// keepalived's and HAProxy's ways to write a password, up to the line's end.
    private static var passwords: Regex<(Substring, Substring)> {
        /((?:\b(?:auth_pass|insecure-password|password)|\bstats[ \t]+auth)[ \t]+)[^\r\n]+/
    }

    private func diff(_ found: FileFact) -> String? {
        if found.kind == .file, found.content == nil { return nil }
        let old = String(decoding: found.content ?? [], as: UTF8.self)
        return TextDiff.unified(from: mask(old), to: mask(String(decoding: content, as: UTF8.self)), path: path)
            ?? "(only secrets differ)\n"
    }

    /// Hides the secrets of today, and what stands where a password would.
    private func mask(_ text: String) -> String {
        var masked = text
        for secret in secrets where !secret.isEmpty { masked = masked.replacing(secret, with: "********") }
        // Anything that ends a line, as in files from elsewhere, and wherever in the line the key stands.
        return masked.replacing(Self.passwords) { match in "\(match.1)********" }
    }
}
