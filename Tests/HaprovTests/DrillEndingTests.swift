import Foundation
import Inventory
import Testing

@testable import haprov

@Suite("Drills after apply") struct DrillEndingTests {
    @Test(
        arguments: [
            (nil, true, .always, .made), (nil, true, .ask, .offered), (nil, true, .never, .omitted),
            (nil, false, .always, .none), (nil, false, .ask, .none), (nil, false, .never, .none),
            (true, false, .never, .made), (true, true, .ask, .made), (false, true, .always, .none),
            (false, true, .ask, .none),
        ] as [(Bool?, Bool, DrillSettings.AfterApply, DrillEnding)])
    func theCommandLineCountsFirst(verify: Bool?, isDue: Bool, said: DrillSettings.AfterApply, ending: DrillEnding) {
        #expect(DrillEnding(verify: verify, isDue: isDue, DrillSettings(afterApply: said)) == ending)
    }

    @Test func whoeverHasSaidYesToAllIsNotAsked() {
        func ending(_ said: DrillSettings.AfterApply) -> DrillEnding {
            DrillEnding(verify: nil, isDue: true, isAttended: false, DrillSettings(afterApply: said))
        }
        #expect(ending(.ask) == .omitted && ending(.always) == .made)
    }

    @Test func authoritiesAreReadOnlyWhereSomebodyJudges() throws {
        let path = NSTemporaryDirectory() + "haprov-ca-\(UUID().uuidString).pem"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var settings = DrillSettings(authorities: path)
        #expect(try DrillAuthorities.read(settings) == nil)
        settings.verifies = true
        var error = #expect(throws: (any Error).self) { try DrillAuthorities.read(settings) }
        #expect("\(String(describing: error))".contains("\(path) cannot be read"))
        try Data("no PEM".utf8).write(to: URL(fileURLWithPath: path))
        error = #expect(throws: (any Error).self) { try DrillAuthorities.read(settings) }
        #expect("\(String(describing: error))".contains("\(path) has no certificate"))
        let certificate = "-----BEGIN CERTIFICATE-----\n"
        try Data(certificate.utf8).write(to: URL(fileURLWithPath: path))
        #expect(try DrillAuthorities.read(settings) == Array(certificate.utf8))
    }
}
