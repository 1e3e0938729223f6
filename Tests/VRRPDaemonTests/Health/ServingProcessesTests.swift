import Testing

@testable import VRRPDaemon

@Suite("Which processes of HAProxy serve") struct ServingProcessesTests {
    private func process(_ id: Int32, _ parent: Int32, _ arguments: String, dead: Bool = false)
        -> ServingProcesses.Candidate
    {
        ServingProcesses.Candidate(
            entry: ProcessEntry(id: id, parent: parent, name: "haproxy", isDead: dead, startTime: UInt64(id)),
            arguments: arguments.split(separator: " ").map(String.init))
    }

    private func serving(_ candidates: [ServingProcesses.Candidate]) -> [Int32] {
        var selection = ServingProcesses()
        return selection.select(candidates).map(\.id).sorted()
    }

    @Test func aMasterAndItsWorker() {
        #expect(serving([process(10, 1, "haproxy -Ws -f c"), process(11, 10, "haproxy -Ws -f c")]) == [10, 11])
    }

    @Test func aMasterWithoutAWorkerServesNobody() {
        #expect(serving([process(10, 1, "haproxy -Ws -f c")]) == [])
    }

    @Test func aWorkerWithoutItsMasterIsAboutToEnd() {
        #expect(serving([process(11, 1, "haproxy -Ws -f c")]) == [])
    }

    @Test func anOldWorkerDoesNotCountOnceTheNewOneIsThere() {
        let master = process(10, 1, "haproxy -sf 11 -Ws -f c")
        let old = process(11, 10, "haproxy -Ws -f c")
        var selection = ServingProcesses()
        // The master has run itself anew, its new worker is not there yet: the old one goes on.
        #expect(selection.select([master, old]).map(\.id) == [10, 11])
        #expect(selection.select([master, old, process(12, 10, "haproxy -sf 11 -Ws -f c")]).map(\.id) == [10, 12])
        // The new one dies, the old one drains: nobody takes connections.
        #expect(selection.select([master, old]).isEmpty)
    }

    @Test func oldWorkersAloneAreNobody() {
        #expect(serving([process(11, 1, "haproxy -Ws -f c"), process(12, 1, "haproxy -sf 11 -Ws -f c")]) == [])
    }

    @Test func withoutAMasterTheNewestGenerationCounts() {
        let old = process(11, 1, "haproxy -D -f c")
        let new = process(12, 1, "haproxy -D -f c -sf 11")
        #expect(serving([old]) == [11])
        #expect(serving([old, new]) == [12])
    }

    @Test func aTestOfAConfigurationServesNobody() {
        #expect(serving([process(10, 1, "haproxy -f c -c -q")]) == [])
    }

    @Test func anotherProgramsArgumentsMeanNothing() {
        let other = ProcessEntry(id: 10, parent: 1, name: "nginx", isDead: false, startTime: 1)
        var selection = ServingProcesses()
        let candidate = ServingProcesses.Candidate(entry: other, arguments: ["nginx", "-W", "-c", "file"])
        #expect(selection.select([candidate]) == [other])
    }

    @Test func aZombieIsDead() {
        #expect(serving([process(10, 1, "haproxy -f c", dead: true)]) == [])
    }
}
