import ArgumentParser

/// One of so many parts of a list, such as an array job has tasks: `2/3`.
struct Shard: ExpressibleByArgument, Equatable, Sendable, CustomStringConvertible {
    /// 1…count.
    let index: Int
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        // Without signs, which `Int` would take.
        guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy(\.isWholeNumber) }), let index = Int(parts[0]),
            let count = Int(parts[1]), (1...max(count, 1)).contains(index), count > 0
        else { return nil }
        self.index = index
        self.count = count
    }

    var description: String { "\(index)/\(count)" }

    /// Those that are this one's, by path: each is in exactly one shard, wherever and in whatever order they were listed.
    func members<Element>(of all: [Element], by path: (Element) -> String) -> [Element] {
        // By bytes: locales must not tell two machines apart.
        all.sorted { path($0).utf8.lexicographicallyPrecedes(path($1).utf8) }.enumerated()
            .filter { $0.offset % count == index - 1 }.map(\.element)
    }
}
