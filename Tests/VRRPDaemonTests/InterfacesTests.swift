import Testing
import VRRP

@testable import VRRPDaemon

@Suite struct InterfacesTests {
    private let link = NetlinkMessage.Link(index: 2, name: "eth0", isUp: true, hardwareAddress: [2, 0, 0, 0, 0, 1])
    private func address(_ word: UInt32) -> NetlinkMessage.Address {
        .init(index: 2, address: .v4(word), prefixLength: 24, isUsable: true, isPermanent: true)
    }

    @Test func aNICHasItsOwnAddressesInTheKernelsOrder() {
        var interfaces = Interfaces()
        #expect(interfaces.apply(.link(link, isGone: false)) == ["eth0"])
        for word in [3, 1, 2] as [UInt32] {
            #expect(interfaces.apply(.address(address(word), isGone: false)) == ["eth0"])
        }
        #expect(
            interfaces.state("eth0", without: [.v4(1)]) == InterfaceState(isUp: true, addresses: [.v4(3), .v4(2)]))
        #expect(interfaces.apply(.address(address(3), isGone: true)) == ["eth0"])
        #expect(interfaces.state("eth0", without: []).addresses == [.v4(1), .v4(2)])
    }

    @Test func aNICThatIsNotThereIsDown() {
        #expect(Interfaces().state("eth0", without: []) == InterfaceState(isUp: false, addresses: []))
    }

    @Test func aNICThatIsMadeAnewHasAnotherNumberAndNoAddresses() {
        var interfaces = Interfaces()
        _ = interfaces.apply(.link(link, isGone: false))
        _ = interfaces.apply(.address(address(1), isGone: false))
        var another = link
        another.index = 5
        #expect(interfaces.apply(.link(link, isGone: true)) == ["eth0"])
        _ = interfaces.apply(.link(another, isGone: false))
        #expect(interfaces.index("eth0") == 5)
        #expect(interfaces.state("eth0", without: []).addresses.isEmpty)
    }

    @Test func aNICThatIsRenamedIsToldUnderBothNames() {
        var interfaces = Interfaces()
        _ = interfaces.apply(.link(link, isGone: false))
        var renamed = link
        renamed.name = "lan0"
        #expect(interfaces.apply(.link(renamed, isGone: false)) == ["eth0", "lan0"])
        #expect(!interfaces.state("eth0", without: []).isUp)
        #expect(interfaces.state("lan0", without: []).isUp)
    }
}
