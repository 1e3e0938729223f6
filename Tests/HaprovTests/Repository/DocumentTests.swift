import Foundation
import Testing

/// The pages that people read: links lead somewhere, and a README stays short enough to be read.
@Suite struct DocumentTests {
    static let pages = Repository.files(ending: ".md")

    @Test func pagesAreFound() {
        #expect(Self.pages.contains("README.md"))
        #expect(Self.pages.contains("Playbooks/README.zh-CN.md"))
        #expect(Self.pages.contains { $0.hasPrefix("docs/") })
    }

    @Test(arguments: pages.filter { $0.split(separator: "/").last?.hasPrefix("README.") == true })
    func aREADMEIsShort(page: String) throws {
        let lines = try Repository.text(page).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count < 250, "\(page): what is looked up belongs into docs/")
    }

    @Test(arguments: pages) func linksLeadSomewhere(page: String) throws {
        let text = try Repository.text(page)
        let folder = Repository.root.appending(path: page).deletingLastPathComponent()
        for link in Self.links(of: text) where !link.contains("://") {
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let target = parts[0].isEmpty ? Repository.root.appending(path: page) : folder.appending(path: parts[0])
            guard FileManager.default.fileExists(atPath: target.standardizedFileURL.path) else {
                Issue.record("\(page) links to \(link), which is not there")
                continue
            }
            guard parts.count == 2 else { continue }
            let anchors = Self.anchors(of: try String(contentsOf: target, encoding: .utf8))
            #expect(anchors.contains(parts[1].removingPercentEncoding ?? parts[1]), "\(page) links to \(link)")
        }
    }

    @Test(arguments: pages.filter { !$0.hasSuffix(".zh-CN.md") })
    func everyPageIsThereInChineseToo(page: String) {
        #expect(Self.pages.contains(String(page.dropLast(3)) + ".zh-CN.md"))
    }

    /// What haprov tells people to read.
    @Test(arguments: Repository.files(in: "Sources", ending: ".swift")) func namedPagesAreThere(file: String) throws {
        for match in try Repository.text(file).matches(of: /[A-Za-z]+\/[A-Za-z-]+\.md\b/) {
            #expect(Self.pages.contains(String(match.output)), "\(file) names \(match.output)")
        }
    }

    /// Pages for developers name many files, which others move.
    @Test(arguments: pages) func namedPathsAreThere(page: String) throws {
        let paths = /`((?:Sources|Tests|Tools|Playbooks|Assets|docs)(?:\/[A-Za-z0-9+._-]+)*)\/?`/
        for match in try Repository.text(page).matches(of: paths) {
            let path = Repository.root.appending(path: String(match.1)).path
            #expect(FileManager.default.fileExists(atPath: path), "\(page) names \(match.1)")
        }
    }

    @Test func linksInCodeAreNone() {
        let text = "[a](b.md) and `[c](d.md)`\n\n    [e](f.md)\n\n- item\n  [g](h.md#i)\n"
        #expect(Self.links(of: text) == ["b.md", "h.md#i"])
        #expect(Self.anchors(of: "# A b, c-d (`e`)\n## 中文 x\n    # no\n") == ["a-b-c-d-e", "中文-x"])
    }

    /// Where links outside of code lead.
    static func links(of text: String) -> [String] {
        prose(of: text).flatMap { line in
            line.replacing(/`[^`]*`/, with: "").matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
        }
    }

    /// The names by which headings can be linked to.
    static func anchors(of text: String) -> [String] {
        prose(of: text).compactMap { line in
            line.prefixMatch(of: /#+ (.*)/).map { heading in
                String(
                    heading.output.1.lowercased().compactMap { sign -> Character? in
                        if sign == " " { return "-" }
                        return sign.isLetter || sign.isNumber || sign == "-" || sign == "_" ? sign : nil
                    })
            }
        }
    }

    /// The lines that are not code.
    private static func prose(of text: String) -> [Substring] {
        var fenced = false
        return text.split(separator: "\n").filter { line in
            if line.hasPrefix("```") { fenced.toggle() }
            return !fenced && !line.hasPrefix("    ")
        }
    }
}
