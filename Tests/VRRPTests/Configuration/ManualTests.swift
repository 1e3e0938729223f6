import Foundation
import Testing

@testable import VRRP

/// The manual page names every keyword that the reader knows, under the right heading.
@Suite struct ManualTests {
    private static let page: String = {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().appending(path: "../../../..").standardized
        return (try? String(contentsOf: root.appending(path: "Assets/haprov-vrrpd.8"), encoding: .utf8)) ?? ""
    }()

    private enum Meaning { case understood, ignored, refused }

    private static func meanings<Target>(_ table: [String: Keyword<Target>]) -> [(String, Meaning)] {
        table.map { name, keyword in
            switch keyword {
            case .ignored: (name, .ignored)
            case .refused, .strict: (name, .refused)
            default: (name, .understood)
            }
        }
    }

    /// The words of a section.
    private static func words(_ heading: String) -> Set<String> {
        let sections = page.components(separatedBy: "\n.SH ")
        let section = sections.first { $0.hasPrefix("\"\(heading)\"\n") || $0.hasPrefix("\(heading)\n") } ?? ""
        return Set(section.components(separatedBy: CharacterSet(charactersIn: " ,.;:()\n\\")))
    }

    @Test func everyKeywordIsUnderItsHeading() {
        let all =
            Self.meanings(GlobalDefinitions.keywords) + Self.meanings(ScriptDefinition.keywords)
            + Self.meanings(ProcessDefinition.keywords) + Self.meanings(InstanceDefinition.keywords)
            + Self.meanings(GroupDefinition.keywords)
        let headings: [(Meaning, String)] = [
            (.understood, "WHAT IS UNDERSTOOD"), (.ignored, "WHAT IS IGNORED"), (.refused, "WHAT IS REFUSED"),
        ]
        for (meaning, heading) in headings {
            let words = Self.words(heading)
            let missing = Set(all.filter { $0.1 == meaning }.map(\.0)).subtracting(words)
            #expect(missing == [], "\(heading)")
        }
        #expect(Set(Interpreter.refusedBlocks.keys).subtracting(Self.words("WHAT IS REFUSED")) == [])
    }
}
