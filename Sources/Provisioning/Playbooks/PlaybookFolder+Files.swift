import FoundationEssentials
import Planning
import YAMLReading

extension PlaybookFolder {
    private static let playbook = "balancer.yml"

    /// Reads the files of a folder that has some of them, or all: what it lacks is as in another one.
    ///
    /// - Throws: where a file cannot be read, and where one takes no other's place.
    package init(path: String, over base: PlaybookFolder) throws(PlaybookError) {
        let templates = try Self.templates(in: path)
        let hasPlaybook = Self.names(in: path).contains(Self.playbook)
        guard hasPlaybook || !templates.isEmpty else {
            throw Self.error(
                path, "the folder has neither \(Self.playbook) nor a template",
                "Put what is to differ there: `haprov playbooks export DIR` writes all files out.")
        }
        // A playbook of one's own may name templates of one's own.
        let unknown = hasPlaybook ? [] : templates.keys.filter { !base.templateNames.contains($0) }.sorted()
        if let name = unknown.first {
            let meant = NearestName.of(name, among: base.templateNames).map { "Did you mean `\($0)`?" }
            throw Self.error(
                "\(path)/\(name)", "no playbook uses this template",
                meant ?? "haprov's own are \(base.templateNames.joined(separator: ", ")).")
        }
        let text = hasPlaybook ? try Self.read(Self.playbook, in: path) : nil
        self = base.replacing(balancer: text.map { ($0, "\(path)/\(Self.playbook)") }, templates: templates)
    }

    private static func names(in path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    private static func templates(in path: String) throws(PlaybookError) -> [String: String] {
        var templates: [String: String] = [:]
        for name in names(in: path) where name.hasSuffix(".mustache") { templates[name] = try read(name, in: path) }
        return templates
    }

    private static func read(_ name: String, in path: String) throws(PlaybookError) -> String {
        let file = path + "/" + name
        guard let data = FileManager.default.contents(atPath: file) else {
            throw error(
                file, "the file cannot be read",
                "--playbooks names the folder with \(playbook) and its templates; look at its rights.")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private static func error(_ file: String, _ message: String, _ remedy: String) -> PlaybookError {
        PlaybookError([
            Diagnostic(severity: .error, file: file, line: 1, column: 1, message: message, remedy: remedy)
        ])
    }
}
