import Foundation
import Processes
import Testing

/// The modules: as Package.swift declares them, as the sources import each other, and as docs/ARCHITECTURE.md draws them.
@Suite struct ModuleTests {
    /// From the top to the ground: a module imports only what stands in a row below its own.
    static let rows = [
        ["haprov", "haprov-vrrpd", "haprov-prober"], ["Drills", "Lab"], ["Provisioning", "VRRPDaemon"],
        ["Planning", "SSH", "Prober", "Linting", "Reports"], ["Inventory"],
        ["VRRP", "YAMLReading", "HostShell", "Processes", "SSHKeys", "Digests"],
        [
            "Errors", "Texts", "SSHWire", "Archives", "Compression", "RPMs", "FilePatterns", "HAProxyReading",
            "ProbeHistory",
        ],
        ["CSSH2", "CCrypto", "CTLS", "CLinux", "CArguments", "CCompression", "CStart"],
    ]

    /// What works on values alone, and what it may import beyond modules of this package.
    static let pure = [
        "VRRP": [], "Inventory": [], "Planning": ["Mustache"], "HostShell": [], "Errors": [], "Texts": [],
        "SSHWire": [], "YAMLReading": ["Yams"], "Archives": [], "RPMs": [], "HAProxyReading": [], "Linting": [],
        "ProbeHistory": [], "Reports": [],
    ]

    /// Modules by name, with what they are declared to import.
    static let modules: [String: Set<String>] = {
        let output = (try? Repository.modulePicture("--all")) ?? ""
        let lines = output.split(separator: "\n").map { $0.split(separator: ":") }
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                (String(line[0]), Set(line.dropFirst().joined().split(separator: " ").map(String.init)))
            })
    }()

    /// The imports of a module's sources, and the files that they stand in.
    private static func imports(of module: String) throws -> [String: String] {
        let folders = ["haprov-vrrpd": "VRRPDaemonCommand", "haprov-prober": "ProberCommand"]
        let files = Repository.files(in: "Sources/\(folders[module] ?? module)", ending: ".swift")
        var found: [String: String] = [:]
        for file in files {
            for line in try Repository.text(file).split(separator: "\n") {
                let pattern =
                    /(?:@\w+ )?(?:\w+ )?import (?:(?:struct|class|enum|protocol|func|typealias|let|var) )?(\w+).*/
                if let match = line.wholeMatch(of: pattern) { found[String(match.1)] = file }
            }
        }
        return found
    }

    @Test func everyModuleStandsInARow() {
        #expect(Set(Self.rows.joined()) == Set(Self.modules.keys))
        #expect(Self.rows.joined().count == Self.modules.count)
    }

    @Test(arguments: modules.keys.sorted()) func arrowsPointDownwards(module: String) throws {
        func row(_ module: String) throws -> Int { try #require(Self.rows.firstIndex { $0.contains(module) }) }
        for other in Self.modules[module] ?? [] {
            #expect(try row(module) < row(other), "\(module) must not import \(other)")
        }
    }

    @Test(arguments: modules.keys.sorted()) func whatIsDeclaredIsWhatIsImported(module: String) throws {
        guard !module.hasPrefix("C") || module.dropFirst().first?.isUppercase != true else {
            return #expect(Self.modules[module] == [], "a C library stands on the ground")
        }
        let imported = try Self.imports(of: module).filter { Self.modules.keys.contains($0.key) }
        for (other, file) in imported where Self.modules[module]?.contains(other) != true {
            Issue.record("\(file) imports \(other), which Package.swift does not say of \(module)")
        }
        let unused = (Self.modules[module] ?? []).subtracting(imported.keys)
        #expect(unused == [], "Package.swift says that \(module) imports them")
    }

    @Test(arguments: pure.keys.sorted()) func whatIsPureImportsNoSystem(module: String) throws {
        let allowed = try #require(Self.pure[module])
        for (other, file) in try Self.imports(of: module) where !allowed.contains(other) {
            #expect(Self.modules.keys.contains(other) && other != "SSH", "\(file) imports \(other)")
        }
    }

    @Test("What is to be known of an engine is a property of it: nobody asks which one it is") func enginesAreAsked()
        throws
    {
        for file in Repository.files(in: "Sources", ending: ".swift") {
            let found = try Repository.text(file).firstMatch(of: /[!=]= (Engine)?\.(keepalived|vrrpd)\b/)
            #expect(found == nil, "\(file): \(found.map { String($0.0) } ?? "")")
        }
    }

    @Test("A descriptor is closed on exec from its beginning: another thread may start a program at any moment")
    func descriptorsAreNotInherited() throws {
        // A file that may be held open: nobody waits for its end.
        let harmless = ["Sources/Processes/ScratchFile.swift"]
        for file in Repository.files(in: "Sources", ending: ".swift") where !harmless.contains(file) {
            let found = try Repository.text(file).firstMatch(of: /F_SETFD|\bpipe\(/)
            #expect(found == nil, "\(file): \(found.map { String($0.0) } ?? "")")
        }
    }

    @Test(arguments: ["docs/ARCHITECTURE.md", "docs/ARCHITECTURE.zh-CN.md"]) func thePictureIsOfToday(page: String)
        throws
    {
        let drawn = try Repository.modulePicture()
        let block = try Repository.text(page).firstMatch(of: /```mermaid\n((?:.|\n)*?)```/)
        #expect(try #require(block).output.1 == drawn, "put the output of Tools/module-picture there")
    }

    @Test func theTableNamesEveryModule() throws {
        let text = try Repository.text("docs/ARCHITECTURE.md")
        for module in Self.modules.keys { #expect(text.contains("| `\(module)` |"), "\(module)") }
    }
}
