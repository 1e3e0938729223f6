import Foundation
import Testing

/// Scripts of configurations as clouds have them, run by ours and by keepalived alike.
@Suite struct ScriptTests {
    /// Every state that a host's scripts were told, in order.
    private func told(_ host: Host, on segment: Segment) -> [String] {
        let file = "\(segment.folder)/told-\(host.number)"
        return ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    @Test(arguments: Engine.pairs)
    func withoutAddressesTheElectionRunsForItsScripts(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            let (first, second) = (segment.hosts[0], segment.hosts[1])
            func router(_ priority: Int, _ host: Host) -> Router {
                let words = ["master", "backup"].map {
                    "notify_\($0) \"sh -c 'echo \($0) >>\(segment.folder)/told-\(host.number)'\""
                }
                return Router(priority: priority, version: 2, interval: "1", addresses: [], lines: words)
            }
            try second.start(engines.second, router(100, second))
            #expect(eventually { told(second, on: segment) == ["backup", "master"] }, "\(segment.logs)")
            try first.start(engines.first, router(150, first))
            #expect(eventually { told(first, on: segment) == ["backup", "master"] }, "\(segment.logs)")
            #expect(eventually { told(second, on: segment) == ["backup", "master", "backup"] }, "\(segment.logs)")
            try first.stop()
            #expect(eventually { told(second, on: segment).last == "master" }, "\(segment.logs)")
        }
    }
}
