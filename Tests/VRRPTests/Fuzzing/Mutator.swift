/// Makes new inputs from old ones.
struct Mutator {
    var generator: SplitMix
    /// What is put in as a whole.
    let words: [[UInt8]]
    private let longest = 4096

    /// One to eight changes, with a second input to take parts from.
    mutating func mutate(_ input: [UInt8], with other: [UInt8]) -> [UInt8] {
        var output = input
        for _ in 0..<generator.pick([1, 1, 2, 3, 8]) { change(&output, other) }
        return Array(output.prefix(longest))
    }

    private mutating func change(_ output: inout [UInt8], _ other: [UInt8]) {
        let place = Int.random(in: 0...output.count, using: &generator)
        let end = min(output.count, place + Int.random(in: 0...16, using: &generator))
        switch Int.random(in: 0..<9, using: &generator) {
        case 0 where place < output.count: output[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1 where place < output.count: output[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: output.removeSubrange(place..<end)
        case 3: output.insert(contentsOf: output[place..<end], at: place)
        case 4: output.removeLast(output.count - place)
        case 5:
            let start = Int.random(in: 0...other.count, using: &generator)
            output.insert(contentsOf: other[start..<min(other.count, start + 24)], at: place)
        case 6 where place < output.count: output[place] = generator.pick([0, 1, 0x7F, 0x80, 0xFF, 0x20, 0x0A])
        default:
            if words.isEmpty {
                output.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            } else {
                output.insert(contentsOf: [0x20] + generator.pick(words) + [generator.pick([0x20, 0x0A])], at: place)
            }
        }
    }
}
