import Planning
import Testing

@testable import Provisioning

@Suite struct ArtifactCacheTests {
    /// Runs on several clusters may compile the same at once.
    @Test func theSameIsAddedByManyAtOnceAndNeverMissing() async throws {
        let scratch = try ScratchFolder()
        let cache = ArtifactCache(folder: scratch.path)
        let id = BuildID("ab")
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1...200 {
                try scratch.write("tree", to: "\(number)")
                group.addTask {
                    try cache.add("\(scratch.path)/\(number)", as: id)
                    return cache.contains(id)
                }
            }
            for try await isThere in group { #expect(isThere) }
        }
        #expect(cache.contents == [id])
    }
}
