import Testing
import VRRP

@testable import VRRPDaemon

@Suite struct AddressLifetimeTests {
    private func address(_ last: UInt32) -> VirtualAddress {
        VirtualAddress(address: .v4(0x0A4D_0000 + last), prefixLength: 24, interface: "eth0")
    }

    private func router(_ interval: Duration, _ addresses: VirtualAddress...) -> RouterSettings {
        RouterSettings(
            name: "VI_\(interval)", interface: "eth0", virtualRouterID: 1, addresses: addresses,
            advertisementInterval: interval)
    }

    @Test func anAddressOutlivesItsDaemonUntilAnotherHasTakenOver() {
        let settings = ElectionSettings(routers: [
            router(.seconds(1), address(1)), router(.milliseconds(100), address(2)),
            router(.milliseconds(300), address(3)),
        ])
        // A backup may wait for three intervals and a skew of one more, and the last refresh may be 1 s old.
        #expect(settings.addressLifetimes == [address(1): 5, address(2): 2, address(3): 3])
    }

    @Test func anAddressOfTwoRoutersIsKeptForTheSlowerOne() {
        let settings = ElectionSettings(routers: [router(.seconds(2), address(1)), router(.seconds(1), address(1))])
        #expect(settings.addressLifetimes == [address(1): 9])
    }

    @Test func otherLifetimesMakeOtherRequests() {
        var held = HeldAddresses()
        held.insert(address(1))
        let before = held.refreshRequests { _ in 2 }.octets
        held.lifetimes = [address(1): 5]
        #expect(held.refreshRequests { _ in 2 }.octets != before)
        #expect(held.lifetime(of: address(1)) == 5)
        #expect(held.lifetime(of: address(9)) == HeldAddresses.leastLifetime)
    }
}
