import Testing
import VRRP

@testable import VRRPDaemon

@Suite struct AnnouncerTests {
    private let hardwareAddress: [UInt8] = [2, 0, 0, 0, 0, 1]

    @Test func gratuitousARPIsARequestForOnesOwnAddress() {
        #expect(
            Announcer.gratuitousARP(.v4(0xAC10_7A64), hardwareAddress: hardwareAddress)
                == octets(
                    """
                    00 01 08 00 06 04 00 01     | Ethernet, IPv4, lengths, request
                    02 00 00 00 00 01           | sender
                    ac 10 7a 64
                    ff ff ff ff ff ff           | target
                    ac 10 7a 64
                    """))
    }

    @Test func aNeighbourAdvertisementOverrides() {
        #expect(
            Announcer.neighbourAdvertisement(
                .v6(0x2001_0db8_0000_0000, 0x64), hardwareAddress: hardwareAddress, isRouter: false)
                == octets(
                    """
                    88 00 00 00                 | type 136, checksum by the kernel
                    20 00 00 00                 | override
                    20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 64
                    02 01 02 00 00 00 00 01     | target link-layer address
                    """))
        #expect(
            Announcer.neighbourAdvertisement(.v6(0, 1), hardwareAddress: hardwareAddress, isRouter: true)[4] == 0xA0)
    }
}
