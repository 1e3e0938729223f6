import PlanningSamples
import Testing

@testable import Planning

@Suite("Older runs folded into one")
struct JournalFoldTests {
    /// Newest first, as journals are merged: `R3:failed`.
    private static func history(_ runs: String..., folded: String = "", upTo last: String = "") -> [RecordedRun] {
        runs.map { text in
            let words = text.split(separator: ":").map(String.init)
            let fact = RunFact(
                id: words[0], cluster: "web", command: "apply", operatorName: "me", started: "began \(words[0])",
                result: words.count > 1 ? words[1] : "ok", finished: "", changes: words.last == "rolled-back" ? 0 : 2,
                undone: 0, folded: words[0] <= last ? folded : "")
            return RecordedRun(fact: fact, hosts: ["h": fact])
        }
    }

    private static func fold(_ history: [RecordedRun], _ kept: Int) -> [String]? {
        JournalFold(history, keeping: kept)?.runs
    }

    @Test("The latest stay as they are, and the others are left alone until there are twice as many")
    func whichRuns() {
        #expect(Self.fold(Self.history("R4", "R3", "R2", "R1"), 2) == nil)
        #expect(Self.fold(Self.history("R5", "R4", "R3", "R2", "R1"), 2) == ["R1", "R2", "R3"])
        #expect(Self.fold(Self.history("R3", "R2", "R1"), 1) == ["R1", "R2"])
        #expect(!JournalFold.isDue(after: Self.history("R3", "R2", "R1"), keeping: 2))
        #expect(JournalFold.isDue(after: Self.history("R4", "R3", "R2", "R1"), keeping: 2))
        // What does not stand does not count.
        #expect(Self.fold(Self.history("R5", "R4:rolled-back", "R3", "R2", "R1"), 2) == nil)
    }

    @Test("What came before is folded along, and counts as one")
    func again() {
        let folded = Self.history("R5", "R4", "R3", "R2", "R1", folded: "R2", upTo: "R2")
        #expect(Self.fold(folded, 2) == nil)
        #expect(Self.fold(folded, 1) == ["R1", "R2", "R3", "R4"])
    }

    @Test("One that was interrupted or failed is not the last of them: hosts can be put back to what is whole")
    func unfinished() {
        #expect(Self.fold(Self.history("R5", "R4", "R3:failed", "R2", "R1"), 2) == ["R1", "R2"])
        #expect(
            Self.fold(Self.history("R5", "R4", "R3", "R2:interrupted", "R1"), 2) == ["R1", "R2", "R3"],
            "it was completed")
        #expect(Self.fold(Self.history("R5", "R4", "R3:failed", "R2:failed", "R1:failed"), 2) == nil)
        var later = Self.history("R3", "R2", "R1")
        later[2].hosts["h"]?.format = JournalFormat.folded + 1
        #expect(Self.fold(later, 1) == nil, "nobody knows what stands in it")
    }

    @Test("They are one: to be gone back to as a whole")
    func asOne() throws {
        #expect(FoldedRuns(in: Self.history("R2", "R1")) == nil)
        var history = Self.history("R4", "R3", "R2", "R1", folded: "R3", upTo: "R2")
        // On another host the fold was cut off: it counts nevertheless.
        let folded = try #require(FoldedRuns(in: history))
        #expect(folded.runs.map(\.id) == ["R3", "R2", "R1"] && folded.newest == "R3" && folded.began == "began R1")
        #expect(["R0", "R1", "R2", "R3", "R4"].map(folded.isCut) == [false, true, true, false, false])
        #expect(folded.asOne.changes == 6)
        #expect(folded.names(["R4", "R3", "R2", "R1"]).hasPrefix("R4, R3 with the older ones"))
        for index in 1...3 { history[index].hosts["h"]?.undone = 2 }
        #expect(FoldedRuns(in: history) == nil, "nothing of them stands")
    }

    private static func entry(_ number: String, _ function: String, _ arguments: [String], _ state: String = "done")
        -> EntryFact
    {
        let name = function.hasPrefix("service") ? "service \(arguments.first ?? "")" : "file \(arguments[0])"
        return EntryFact(
            number: number, state: state, function: function, subject: Subject(name), summary: "",
            arguments: arguments)
    }
    private static func write(_ number: String, _ path: String = "/a", state: String = "done") -> EntryFact {
        entry(number, "file_write", [path, "0644", "root", "root", "digest", ""], state)
    }

    private static func needless(_ runs: [EntryFact]...) throws -> [String] {
        let names = (1...(runs.count + 2)).map { "R\($0)" }
        var history: [RecordedRun] = []
        for name in names.reversed() { history += Self.history(name) }
        let fold = try #require(JournalFold(history, keeping: 1))
        let entries = Dictionary(uniqueKeysWithValues: zip(names, runs))
        return fold.needless(entries).map { "\($0.entry) \($0.older ?? "-") \($0.function ?? "-")" }
    }

    @Test("Of each thing the oldest image stays")
    func entries() throws {
        #expect(
            try Self.needless(
                [Self.write("0001"), Self.write("0002", "/b")], [Self.write("0001")], [Self.write("0001")])
                == ["R2/0001 R1/0001 file_write", "R3/0001 R1/0001 file_write"])
        let mode = Self.entry("0002", "file_mode", ["/a", "0600", "root", "root"])
        #expect(try Self.needless([Self.write("0001")], [mode]) == ["R2/0002 R1/0001 -"])
        // The mode alone says nothing of what was there.
        #expect(try Self.needless([mode], [Self.write("0001")], [mode]) == ["R3/0002 R2/0001 -"])
        let link = Self.entry("0003", "link_make", ["/a", "/b"])
        #expect(try Self.needless([Self.write("0001")], [link], [Self.write("0001")]) == [])
    }

    @Test("What was taken back, or never begun, keeps nothing")
    func states() throws {
        #expect(
            try Self.needless([Self.write("0001", state: "undone")], [Self.write("0001")], [Self.write("0001")])
                == ["R1/0001 - -", "R3/0001 R2/0001 file_write"])
        #expect(try Self.needless([Self.write("0001", state: "")], [Self.write("0001")]) == [])
        #expect(
            try Self.needless([Self.write("0001", state: "saved")], [Self.write("0001")])
                == ["R2/0001 R1/0001 file_write"])
    }

    @Test("Kinds that keep more than an image of one thing are not covered, nor what nobody knows")
    func others() throws {
        func service(_ verb: String) -> EntryFact { Self.entry("0001", "service_\(verb)", ["x.service", "60"]) }
        #expect(try Self.needless([service("start")], [service("start")]) == [])
        #expect(try Self.needless([service("reload")], [service("reload")]) == ["R2/0001 R1/0001 service_reload"])
        #expect(
            try Self.needless([service("reload")], [service("restart")], [service("reload")])
                == ["R3/0001 R2/0001 -"])
        let packages = Self.entry("0001", "package_install", ["host", "refuse-upgrades", "gcc"])
        #expect(try Self.needless([packages], [packages]) == [])
        let unknown = Self.entry("0001", "file_frobnicate", ["/a"])
        #expect(try Self.needless([Self.write("0001")], [unknown], [Self.write("0001")]) == [])
        func archive(_ prefix: String) -> EntryFact {
            EntryFact(
                number: "0001", state: "done", function: "archive_install", subject: "archive haproxy", summary: "",
                arguments: ["haproxy", prefix, "b"])
        }
        #expect(
            try Self.needless([archive("/p")], [archive("/p")], [archive("/q")])
                == ["R2/0001 R1/0001 archive_install"])
        func sysctl(_ key: String) -> EntryFact {
            EntryFact(
                number: "0001", state: "done", function: "sysctl_set", subject: Subject("sysctl", key), summary: "",
                arguments: [key, "1"])
        }
        #expect(try Self.needless([sysctl("a.b")], [sysctl("a.b")]) == ["R2/0001 R1/0001 sysctl_set"])
    }

    @Test("A host is told which entries go, by which functions")
    func call() throws {
        let fold = try #require(JournalFold(Self.history("R3", "R2", "R1"), keeping: 1))
        let needless = fold.needless([
            "R1": [Self.write("0001"), Self.write("0002", state: "undone")], "R2": [Self.write("0001")],
        ])
        #expect(
            fold.call(needless) == ["hp_fold", "4", "R2", "2", "R1", "R2", "R1/0002", "-", "R2/0001", "R1/0001"])
        #expect(fold.functions(needless) == ["file_write_fold"])
    }
}
