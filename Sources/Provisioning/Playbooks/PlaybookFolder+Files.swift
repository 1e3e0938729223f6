import FoundationEssentials
import Planning
import YAMLReading

extension PlaybookFolder {
    /// Reads the files of a folder.
    ///
    /// - Throws: where balancer.yml or a template cannot be read. What is wrong in them is said when they are needed.
    package init(path: String) throws(PlaybookError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        var templates: [String: String] = [:]
        for name in names where name.hasSuffix(".mustache") { templates[name] = try Self.read(name, in: path) }
        self.init(
            balancer: try Self.read("balancer.yml", in: path), file: path + "/balancer.yml", templates: templates)
    }

    private static func read(_ name: String, in path: String) throws(PlaybookError) -> String {
        let file = path + "/" + name
        guard let data = FileManager.default.contents(atPath: file) else {
            throw PlaybookError([
                Diagnostic(
                    severity: .error, file: file, line: 1, column: 1, message: "the file cannot be read",
                    remedy: "--playbooks names the folder with balancer.yml and its templates; look at its rights.")
            ])
        }
        return String(decoding: data, as: UTF8.self)
    }
}
