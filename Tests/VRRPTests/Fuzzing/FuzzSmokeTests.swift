import Testing
import VRRP

/// A fixed amount of fuzzing with every run of the tests. `make fuzz` goes on for longer and is led by coverage.
///
/// Each seed is the beginning of an own sequence: what one finds it finds again. The last one is a new one each time.
@Suite struct FuzzSmokeTests {
    private static let seeds: [UInt64] = [1, 2, 3, UInt64.random(in: 1000...UInt64.max)]

    @Test("Whatever arrives is refused or read, and what is read is sent the same", arguments: seeds)
    func codec(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let beginnings = (0..<64).map { _ in Self.advertisement(using: &generator) }
        let advertisements = try fuzz(
            from: beginnings, words: [], bytes: 4_000_000, using: generator, seed: seed, CodecProperty.check)
        #expect(advertisements > 1000)
    }

    @Test("Whatever is read as a configuration is refused or reads the same once written", arguments: seeds)
    func configuration(seed: UInt64) throws {
        let usable = try fuzz(
            from: Vocabulary.configurations, words: Vocabulary.words, bytes: 2_000_000, using: SplitMix(seed: seed),
            seed: seed, ConfigurationProperty.check)
        #expect(usable > 100)
    }

    /// - Returns: how many inputs were good ones.
    private func fuzz(
        from beginnings: [[UInt8]], words: [[UInt8]], bytes budget: Int, using generator: SplitMix, seed: UInt64,
        _ check: ([UInt8]) -> (failure: String?, isGood: Bool)
    ) throws -> Int {
        var mutator = Mutator(generator: generator, words: words)
        var pool = beginnings
        var (bytes, good) = (0, 0)
        for beginning in beginnings {
            try #require(check(beginning) == (nil, true))
        }
        while bytes < budget {
            let input = mutator.mutate(mutator.generator.pick(pool), with: mutator.generator.pick(pool))
            bytes += input.count
            let (failure, isGood) = check(input)
            if let failure {
                let text = String(decoding: input, as: UTF8.self).debugDescription
                Issue.record("seed \(seed), input \(words.isEmpty ? "\(input)" : text): \(failure)")
                return good
            }
            guard isGood else { continue }
            good += 1
            // Good ones lead on to others; a few hundred are kept.
            if pool.count < 512 { pool.append(input) } else { pool[good % pool.count] = input }
        }
        return good
    }

    private static func advertisement(using generator: inout SplitMix) -> [UInt8] {
        let version: ProtocolVersion = generator.chance(50) ? .v2 : .v3
        let isIPv6 = version == .v3 && generator.chance(40)
        let source: IPAddress = isIPv6 ? .v6(0xFE80_0000_0000_0000, 1) : .v4(0x0A00_0001)
        let addresses = (0..<generator.pick([1, 1, 2, 5, 20])).map { _ -> IPAddress in
            isIPv6
                ? .v6(generator.next(), generator.next()) : .v4(UInt32(truncatingIfNeeded: generator.next()))
        }
        let advertisement = Advertisement(
            version: version, virtualRouterID: UInt8(generator.number(1...255)),
            priority: UInt8(generator.number(0...255)),
            interval: version == .v2
                ? .seconds(generator.number(1...255)) : .milliseconds(10 * generator.number(1...4095)),
            addresses: addresses,
            authentication: version == .v2 && generator.chance(50) ? .simple(Password("secret")) : .none)
        let choice: UInt8 = (isIPv6 ? 1 : 0) + (generator.chance(50) ? 4 : 0)
        return [choice]
            + advertisement.encoded(
                from: source, to: source.family.multicastGroup,
                checksum: choice & 4 == 0 ? .withPseudoHeader : .messageOnly)
    }
}
