import Testing
import VRRPDaemon

@Suite struct UsageTests {
    @Test func anUnknownWordIsWrongUsage() { #expect(VRRPDaemon.main(["--no-such-option"]) == 64) }
}
