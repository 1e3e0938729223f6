import Testing
import VRRP

@Suite struct ConfigurationPropertyTests {
    @Test(arguments: 0..<20) func anythingThatIsWrittenReadsBackTheSame(_ seed: UInt64) {
        var random = RandomConfiguration(seed: seed)
        for _ in 0..<100 {
            let configuration = random.make()
            let text = configuration.text
            let result = ReaderTests.read(text)
            #expect(result.diagnostics.filter { $0.severity == .error } == [], "\(text)")
            #expect(result.configuration == configuration, "\(text)")
            #expect(result.configuration.text == text)
        }
    }

    @Test(arguments: 0..<10) func aConfigurationThatIsCutAnywhereIsRefusedOrWhole(_ seed: UInt64) {
        var random = RandomConfiguration(seed: 1000 + seed)
        let configuration = random.make()
        let text = configuration.text
        for length in stride(from: 0, to: text.count, by: 7) {
            let result = ReaderTests.read(String(text.prefix(length)))
            #expect(!result.isUsable || result.configuration.instances.count <= configuration.instances.count)
            if text.prefix(length).filter({ $0 == "{" }).count > 40 { #expect(!result.diagnostics.isEmpty) }
        }
    }
}
