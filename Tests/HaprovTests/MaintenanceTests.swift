import Testing

@testable import haprov

@Suite("Maintenance")
struct MaintenanceTests {
    @Test(
        "How long it is to last",
        arguments: [
            ("2h", 7200), ("3d", 259_200), ("90m", 5400), ("45s", 45), ("45", 45), ("0h", nil), ("-1h", nil),
            ("h", nil),
            ("500ms", nil), ("soon", nil), ("", nil),
        ] as [(String, Int?)])
    func seconds(text: String, expected: Int?) { #expect(Maintenance.seconds(text) == expected) }
}
