import Inventory
import Testing
import Texts
import YAMLReading

@testable import Linting

@Suite struct RuleTests {
    @Test(arguments: Fixture.all) func whatIsFoundIsWhatStandsThere(_ fixture: Fixture) {
        let findings = Lint.findings(in: fixture.subject)
        #expect(
            findings.map(\.code).sorted() == fixture.codes.sorted(),
            "\(findings.map { "\($0.code) \($0.place.file):\($0.place.line) \($0.message)" }.joined(separator: "\n"))")
    }

    @Test(arguments: Fixture.files) func everyFileHasCases(name: String) {
        #expect(Fixture.all.count { $0.file == name } >= 4)
    }

    @Test func namesOfCasesAreTheirOwn() {
        #expect(Set(Fixture.all.map(\.testDescription)).count == Fixture.all.count)
    }

    /// Judged by `InventoryLint` and `OwnConfigurationLint`, whose tests are those of the inventory; certificates by their own.
    static let judgedElsewhere = Rule.inventory.map(\.code) + ["HV309"]

    @Test(arguments: Rule.all.map(\.code)) func everyRuleIsTriggeredAlone(code: String) {
        guard !Self.judgedElsewhere.contains(code) else { return }
        let alone = Fixture.all.contains { Set($0.codes) == [code] }
        #expect(alone, "no case gives \(code) and nothing else")
    }

    @Test func someCasesGiveNothing() { #expect(Fixture.all.count { $0.codes.isEmpty } >= 8) }

    @Test func codesAreTheirOwn() {
        #expect(Set(Rule.all.map(\.code)).count == Rule.all.count)
        #expect(Rule.all.map(\.code) == Rule.all.map(\.code).sorted())
        for rule in Rule.all { #expect(rule.code.wholeMatch(of: /HV[1-5][0-9]{2}/) != nil) }
        #expect(Rule.named("hv101")?.code == "HV101" && Rule.named("HV999") == nil)
    }

    @Test(arguments: Rule.all.map(\.code)) func everyRuleIsExplainedInBothLanguages(code: String) throws {
        let rule = try #require(Rule.named(code))
        for text in [rule.title, rule.explanation] {
            #expect(!text.english.isEmpty && !text.chinese.isEmpty)
        }
        #expect(rule.explanation.english.hasSuffix("."))
        #expect(rule.explanation.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
        #expect(!rule.wrong.isEmpty && !rule.right.isEmpty && rule.wrong != rule.right)
    }

    @Test func everyFindingSaysWhereAndWhatToDo() {
        for finding in Fixture.all.flatMap({ Lint.findings(in: $0.subject) }) {
            #expect(finding.place.line > 0 && !finding.place.file.isEmpty, "\(finding)")
            #expect(!finding.message.isEmpty && !finding.remedy.isEmpty, "\(finding)")
            #expect(Rule.named(finding.code)?.severity == finding.severity)
        }
    }

    @Test("What an inventory is doubted for can be asked about") func codesOfInventoriesAreExplained() {
        let reading = InventoryReader.read(
            InventoryTemplate.text.replacing("{ env: HAPROV_VRRP_PASSWORD }", with: "secret01234"),
            file: "inventory.yml")
        let codes = reading.diagnostics.map(\.code)
        #expect(codes.contains("HV107") && codes.contains("HV501"))
        for code in codes { #expect(code.flatMap(Rule.named) != nil, "\(code ?? "none")") }
    }

    @Test("A secret is never part of a finding") func passwordsAreNotShown() {
        for fixture in Fixture.all where fixture.file == "agreement" {
            for finding in Lint.findings(in: fixture.subject) {
                #expect(!"\(finding)".contains("s3cret"), "\(finding)")
            }
        }
    }
}
