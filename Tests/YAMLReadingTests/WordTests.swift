import Testing

@testable import YAMLReading

@Suite("Words and numbers as people write them")
struct WordTests {
    @Test(arguments: [
        ("5s", 5000), ("500ms", 500), ("1.5s", 1500), ("0.25s", 250), ("2m", 120_000), ("0ms", 0), ("1.0005s", nil),
        ("5", nil), ("s", nil), ("-1s", nil), ("1e3s", nil), ("1.s", nil), (".5s", nil), ("05s", nil), ("5 s", nil),
        ("99999999999s", nil),
    ])
    func durations(_ text: String, _ milliseconds: Int?) { #expect(Notation.milliseconds(text) == milliseconds) }

    @Test(arguments: [(500, "500ms"), (1000, "1s"), (2610, "2.61s"), (40_950, "40.95s"), (1005, "1.005s")])
    func durationsAreShown(_ milliseconds: Int, _ text: String) { #expect(Notation.duration(milliseconds) == text) }

    @Test(arguments: [
        ("virtual_route_id", "virtual_router_id"), ("Address", "address"), ("adress", "address"),
        ("vesrion", "version"),
        ("router_id", "virtual_router_id"), ("zzz", nil), ("a", nil), ("x", nil),
    ])
    func nearestNames(_ word: String, _ meant: String?) {
        let known = [
            "address", "interface", "virtual_router_id", "version", "advert_int", "preempt", "unicast", "password",
        ]
        #expect(NearestName.of(word, among: known) == meant)
    }

    @Test(arguments: [
        ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("ab", "ba", 1), ("same", "same", 0),
    ])
    func distances(_ left: String, _ right: String, _ distance: Int) {
        #expect(NearestName.distance(left, right) == distance)
    }
}
