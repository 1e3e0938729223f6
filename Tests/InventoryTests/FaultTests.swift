import Testing

@testable import Inventory

/// One piece of the valid inventory made wrong, and everything that is then reported.
struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var piece: String
    var replacement: String
    var expected: [String]

    init(_ name: String, _ piece: String, _ replacement: String, _ expected: String...) {
        self.name = name
        self.piece = piece
        self.replacement = replacement
        self.expected = expected
    }

    var testDescription: String { name }
}

@Suite("Faults of an inventory")
struct FaultTests {
    @Test(arguments: Fault.form + Fault.vip + Fault.hosts + Fault.services + Fault.rest)
    func isReported(_ fault: Fault) throws {
        let text = try inventory(fault.piece, fault.replacement)
        let reading = read(text)
        let found = reading.diagnostics.map(\.description)
        #expect(found == fault.expected)
        #expect(reading.cluster == nil)
    }
}
