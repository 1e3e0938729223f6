import Foundation
import PlanningSamples
import Testing

@testable import Planning

@Suite("Plans are saved and read again")
struct PlanCodingTests {
    private func coded<T: Codable>(_ value: T) throws -> T {
        try JSONDecoder().decode(T.self, from: JSONEncoder().encode(value))
    }

    private static func steps() -> [Step] { ResourceCase.all.flatMap { (try? $0.steps()) ?? [] } }

    @Test("A program of a plan that was saved before programs had an offset begins at the file's beginning")
    func programWithoutOffset() throws {
        let text = #"{"path": "/p", "size": 3, "sha256": "ab"}"#
        let program = try JSONDecoder().decode(StaticProgram.self, from: Data(text.utf8))
        #expect(program == StaticProgram(path: "/p", offset: 0, size: 3, sha256: "ab"))
    }

    @Test("A plan of everything comes back as it was")
    func everything() throws {
        let steps = Self.steps()
        let undos = steps.compactMap(\.change).enumerated().map { number, change in
            Step.undo(
                Undo(
                    run: "R", number: "\(number)", subject: change.subject, summary: change.summary,
                    change: number == 0 ? nil : change, owner: number % 2 == 0 ? .journal : .own,
                    marksOnly: number % 3 == 0))
        }
        let plan = Plan(
            purpose: .rollback, cluster: "web",
            builds: [
                Build(
                    id: BuildID("b1"), product: "haproxy", version: "1.8.25", host: "haproxy1", tarball: "/t",
                    prefix: "/usr/local/haproxy")
            ],
            hosts: [
                HostPlan(host: "haproxy1", beforeBuild: undos, prepare: steps, rollout: [], together: steps.reversed()),
                HostPlan(
                    host: "haproxy2", beforeBuild: [], prepare: [], rollout: steps,
                    impact: Impact(addresses: ["a"], gap: nil, cutsConnections: true, text: "t")),
            ], notes: ["n", ""], needsDrill: true)
        #expect(try coded(plan) == plan)
        // Equality would not show what is not compared.
        #expect(String(describing: try coded(plan)) == String(describing: plan))
    }

    @Test("Every type of change is among them, with every content, and every check")
    func complete() throws {
        let steps = Self.steps()
        let types = Set(steps.compactMap(\.change).map { String(describing: type(of: $0)) })
        #expect(types == Set(ResourceKinds.all.flatMap { $0.changes }.map { String(describing: $0) }))
        let contents = steps.compactMap(\.change).map { change in
            switch change.content {
            case .none: "none"
            case .bytes: "bytes"
            case .artifact: "artifact"
            case .program: "program"
            }
        }
        #expect(Set(contents) == ["none", "bytes", "artifact", "program"])
        let checks = steps.filter(\.isCheck).map { step in
            switch step {
            case .check(.unitStaysUp): "unit"
            case .check(.answers): "port"
            case .check(.script): "script"
            default: ""
            }
        }
        #expect(Set(checks) == ["unit", "port", "script"])
    }

    @Test("A change that this haprov does not know is refused")
    func unknown() throws {
        let text = #"{"change":{"function":"zzz_make","change":{}}}"#
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode(Step.self, from: Data(text.utf8))
        }
        #expect("\(error)".contains("there is no change zzz_make"))
    }
}

@Suite("The list of kinds")
struct KindListTests {
    @Test("Package.swift takes along the shell file of every kind that has one")
    func shellFiles() throws {
        let folder = "\(Samples.repository)/Sources/Planning/Kinds"
        let kinds = try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
            FileManager.default.fileExists(atPath: "\(folder)/\(name)/\(name.lowercased()).sh")
        }
        let package = try String(contentsOfFile: "\(Samples.repository)/Package.swift", encoding: .utf8)
        let list = try #require(package.firstMatch(of: /let kinds = \[([^\]]*)\]/)).1
        let listed = list.matches(of: /"([A-Za-z]+)"/).map { String($0.1) }
        #expect(listed == kinds.sorted { $0.lowercased() < $1.lowercased() })
        #expect(ResourceKinds.scripts.count == kinds.count)
    }
}
