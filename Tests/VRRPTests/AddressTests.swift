import Testing
import VRRP

@Suite struct AddressTests {
    @Test func equalPrioritiesAreSettledByTheNumericallyHigherAddress() {
        #expect(IPAddress.v4(0x0A00_0002) > .v4(0x0A00_0001))
        #expect(IPAddress.v6(1, 0) > .v6(0, .max))
    }
}
