import Errors
import Foundation
import Inventory
import PlanningSamples
import Testing

@testable import Planning

/// One case of a file in Fixtures/resources: `== NAME`, the step's fields (`name=value`, `\n` for a newline), `facts`,
/// probe records with `|` for tabs, `earlier=RESOURCE` for changes that come before, `expect`, the steps that follow.
struct ResourceCase: Sendable, CustomTestStringConvertible {
    var kind: String
    var name: String
    var fields: [String: String] = [:]
    var facts = ""
    var earlier: [String] = []
    var expected: [String] = []
    var testDescription: String { "\(kind): \(name)" }

    static let all: [ResourceCase] = ResourceKinds.all.flatMap { kind -> [ResourceCase] in
        guard let text = try? Samples.fixture("resources/\(kind.kind).txt") else { return [] }
        return text.split(separator: "\n== ").map { part in
            var lines = part.split(separator: "\n").map(String.init)
            let name = lines.removeFirst()
            var found = ResourceCase(
                kind: kind.kind, name: name.hasPrefix("== ") ? String(name.dropFirst(3)) : name)
            var section = "fields"
            for line in lines {
                if ["facts", "expect"].contains(line) {
                    section = line
                } else if section == "expect" {
                    found.expected.append(line)
                } else if line.hasPrefix("earlier=") {
                    found.earlier.append(String(line.dropFirst(8)))
                } else if section == "facts" {
                    found.facts += "@" + line.replacing("|", with: "\t") + "\n"
                } else if let equals = line.firstIndex(of: "=") {
                    found.fields[String(line[..<equals])] = String(line[line.index(after: equals)...])
                        .replacing(#"\n"#, with: "\n")
                }
            }
            return found
        }
    }

    /// A configuration of the operator's own.
    private static let own: OwnConfiguration = {
        var own = OwnConfiguration(source: "haproxy", unmanaged: ["certs/acme/*", "state.map"])
        let key = "-----BEGIN EC PRIVATE KEY-----\nhidden\n"
        own.files = [
            "haproxy.cfg": "frontend web\n", "certs/site.pem": key, "maps/a.map": "a b\n", "state.map": "",
        ].mapValues { Array($0.utf8) }
        return own
    }()

    /// What the resource comes to.
    func steps() throws -> [Step] {
        let cluster = try Samples.cluster { if kind == TreeResource.kind { $0.haproxy.own = Self.own } }
        let host = try Samples.host(in: cluster)
        let resource = try Samples.resource(
            kind, fields, cluster: cluster, host: host, secrets: ["s3cret99"],
            templates: ["t": "rendered\n", "key": "-----BEGIN EC PRIVATE KEY-----\nhidden\n"])
        var transaction = PackageTransaction(source: "host")
        transaction.installs = ["gcc-4.8.5-39.el7.x86_64"]
        let context = PlanContext(
            cluster: cluster, host: host, platform: EnterpriseLinux(), builds: ["haproxy": BuildID("b1")],
            secrets: ["s3cret99"],
            programs: ["haprov-vrrpd": StaticProgram(path: "/p", size: 7, sha256: "d1")],
            packages: .transaction(transaction))
        let earlier = earlier.map { Step.change(Call("f", [], resource: Subject($0), summary: "")) }
        return try resource.steps(
            facts: FactsReader.read(Array(facts.utf8)), earlier: earlier, context: context)
    }
}

@Suite("From fields and facts to steps")
struct ResourceTests {
    @Test("Every kind has its cases") func kinds() {
        #expect(Set(ResourceCase.all.map(\.kind)) == Set(ResourceKinds.all.map { $0.kind }))
        #expect(ResourceCase.all.count >= 50)
    }

    @Test(arguments: ResourceCase.all)
    func steps(_ example: ResourceCase) throws {
        var found: [String]
        do {
            found = try example.steps().flatMap(Self.describe)
        } catch let error as Failure {
            #expect(error.kind == .preflight || error.kind == .input)
            #expect(error.host == "haproxy1")
            found = ["fail \(error.step): \(error.summary)", "     \(error.remedy)"]
        }
        if let file = ProcessInfo.processInfo.environment["HAPROV_SHOW_CASES"] {
            let handle = FileHandle(forWritingAtPath: file)
            handle?.seekToEndOfFile()
            handle?.write(Data("\(example.testDescription)\n\(found.joined(separator: "\n"))\n".utf8))
        }
        #expect(found == example.expected, "found:\n\(found.joined(separator: "\n"))")
        #expect(!found.joined().contains("hidden") && !found.joined().contains("s3cret99"))
    }

    /// A step as the fixtures write it.
    static func describe(_ step: Step) -> [String] {
        switch step {
        case .change(let change):
            var lines = [
                "change \(change.isBarrier ? "alone " : "")\(change.function) "
                    + change.arguments.map { $0.isEmpty ? "''" : $0.replacing(" ", with: "_") }.joined(separator: " "),
                "     \(change.subject): \(change.summary)",
            ]
            if case .artifact(let id) = change.content { lines.append("     artifact \(id)") }
            if case .program(let program) = change.content {
                lines.append("     program \(program.path) of \(program.size) bytes")
            }
            if case .bytes(let bytes) = change.content {
                lines.append("     \(bytes.count) bytes\(change.isSecret ? ", secret" : "")")
            }
            if let diff = change.diff {
                lines += diff.split(whereSeparator: \.isNewline).map { "     \($0)".replacing("\r", with: "") }
            }
            return lines
        case .check(let check):
            return ["check \(check.function) \(check.arguments.joined(separator: " "))", "     \(check.summary)"]
        case .undo(let undo): return ["undo \(undo.run) \(undo.number)"]
        }
    }
}
