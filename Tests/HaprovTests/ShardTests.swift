import Testing

@testable import haprov

@Suite struct ShardTests {
    private let paths = ["c/web.yml", "c/api.yml", "c/Zoo.yml", "c/db.yml", "c/ä.yml", "c/web-2.yml", "c/mail.yml"]

    @Test(arguments: 1...9) func eachIsInExactlyOneShard(count: Int) throws {
        let shards = try (1...count).map { try #require(Shard(argument: "\($0)/\(count)")).members(of: paths) { $0 } }
        #expect(shards.flatMap { $0 }.sorted() == paths.sorted())
        let sizes = shards.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "\(sizes)")
        // However they were listed.
        let again = try (1...count).map {
            try #require(Shard(argument: "\($0)/\(count)")).members(of: paths.reversed()) { $0 }
        }
        #expect(again == shards)
    }

    @Test func theyAreDealtOutInTheOrderOfTheirPaths() throws {
        let second = try #require(Shard(argument: "2/3"))
        #expect(second.members(of: paths) { $0 } == ["c/api.yml", "c/web-2.yml"])
        #expect("\(second)" == "2/3")
    }

    @Test(arguments: ["", "1", "0/2", "3/2", "1/0", "0/0", "-1/2", "+1/2", "1/2/3", "a/b", " 1/2", "1/2 ", "/2", "1/"])
    func othersAreNone(text: String) { #expect(Shard(argument: text) == nil) }
}
