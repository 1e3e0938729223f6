import Foundation
import Testing
import VRRP

/// Every message, word for word, by `Fixtures/diagnostics.txt`.
@Suite struct DiagnosticTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var block: String
        var piece: String
        var expected: [String]

        var testDescription: String { "\(block): \(piece)" }

        /// The piece in the rest of a configuration.
        var text: String {
            get throws {
                let settings = "interface eth0\nvirtual_router_id 1\npriority 100\nvirtual_ipaddress {\n192.0.2.1\n}\n"
                let instance = "vrrp_instance V {\n\(settings)}\n"
                let other = instance.replacing("e V", with: "e W").replacing("id 1", with: "id 2")
                switch block {
                case "file": return "\(piece)\n\(instance)"
                case "global": return "global_defs {\n\(piece)\n}\n\(instance)"
                case "script": return "vrrp_script c {\n\(piece)\n}\n\(instance)"
                case "process": return "vrrp_track_process p {\n\(piece)\n}\n\(instance)"
                case "group": return "\(instance)\(other)vrrp_sync_group G {\n\(piece)\n}\n"
                case "bare": return "vrrp_instance V {\n\(piece)\n}\n"
                case "instance":
                    return "vrrp_script c {\nscript /bin/true\n}\nvrrp_instance V {\n\(piece)\n\(settings)}\n"
                default: throw UnknownBlock(name: block)
                }
            }
        }
    }

    struct UnknownBlock: Error { var name: String }

    static let cases: [Case] = {
        guard let file = Bundle.module.url(forResource: "Fixtures/diagnostics", withExtension: "txt"),
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { return [] }
        return text.components(separatedBy: "\n== ").dropFirst().map { part in
            let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
            let piece = lines.dropFirst().prefix { !$0.hasPrefix("-> ") && !$0.isEmpty }
            return Case(
                block: String(lines[0]), piece: piece.joined(separator: "\n"),
                expected: lines.filter { $0.hasPrefix("-> ") }.map { String($0.dropFirst(3)) })
        }
    }()

    @Test func thereAreManyOfThem() { #expect(Self.cases.flatMap(\.expected).count > 180) }

    @Test(arguments: cases) func aFaultIsToldByItsPlaceAndWithWhatToDo(_ example: Case) throws {
        let told = try ReaderTests.read(example.text).diagnostics.map {
            $0.description.dropFirst("keepalived.conf:".count)
        }
        #expect(told.map(String.init) == example.expected)
    }
}
