import Testing
import VRRP

@testable import VRRPDaemon

@Suite struct NetlinkMessageTests {
    private func read(_ text: String) -> [NetlinkMessage] {
        var messages: [NetlinkMessage] = []
        octets(text).withUnsafeBytes { NetlinkMessage.read($0) { messages.append($0) } }
        return messages
    }

    private let link = """
        38 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00     | RTM_NEWLINK
        00 00 01 00 02 00 00 00 43 10 01 00 00 00 00 00     | ARPHRD_ETHER, index 2, IFF_UP, IFF_RUNNING and others
        0a 00 03 00 65 74 68 30 31 00 00 00                 | IFLA_IFNAME eth01
        0a 00 01 00 02 00 00 00 00 01 00 00                 | IFLA_ADDRESS
        """

    @Test func aLinkIsReadWithNameStateAndHardwareAddress() {
        #expect(
            read(link)
                == [
                    .link(
                        .init(index: 2, name: "eth01", isUp: true, hardwareAddress: [2, 0, 0, 0, 0, 1]), isGone: false)
                ])
    }

    @Test func aLinkWithoutACarrierIsDown() {
        let down = link.replacing("43 10 01 00", with: "03 10 00 00")
        guard case .link(let read, isGone: false) = read(down).first else {
            Issue.record("no link")
            return
        }
        #expect(!read.isUp)
    }

    @Test func anIPv6AddressThatIsStillBeingTriedCannotBeUsed() {
        let address = """
            40 00 00 00 14 00 00 00 00 00 00 00 00 00 00 00     | RTM_NEWADDR
            0a 40 c0 fd 03 00 00 00                             | AF_INET6, /64, permanent and tentative, link scope
            14 00 01 00 fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01
            14 00 06 00 ff ff ff ff ff ff ff ff 00 00 00 00 00 00 00 00
            """
        #expect(
            read(address)
                == [
                    .address(
                        .init(
                            index: 3, address: .v6(0xFE80_0000_0000_0000, 1), prefixLength: 64, isUsable: false,
                            isPermanent: true), isGone: false)
                ])
    }

    @Test func theLocalEndOfAnAddressWithAPeerCounts() {
        let address = """
            28 00 00 00 15 00 00 00 00 00 00 00 00 00 00 00     | RTM_DELADDR
            02 20 80 00 03 00 00 00
            08 00 01 00 0a 00 00 02                             | the peer
            08 00 02 00 0a 00 00 01
            """
        guard case .address(let read, isGone: true) = read(address).first else {
            Issue.record("no address")
            return
        }
        #expect(read.address == .v4(0x0A00_0001))
    }

    @Test func aRefusalCarriesTheSequenceNumber() {
        let refusal = """
            24 00 00 00 02 00 00 00 07 00 00 00 00 00 00 00     | NLMSG_ERROR, sequence 7
            ef ff ff ff                                         | EEXIST
            3c 00 00 00 14 00 01 05 07 00 00 00 00 00 00 00
            14 00 00 00 03 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00     | NLMSG_DONE
            """
        #expect(read(refusal) == [.refusal(number: 17, sequence: 7), .done])
    }

    @Test(arguments: 0..<56) func whatIsCutOffIsLeftOut(length: Int) {
        let whole = octets(link)
        whole.prefix(length).withUnsafeBufferPointer { part in
            NetlinkMessage.read(UnsafeRawBufferPointer(part)) { _ in Issue.record("read from \(length) octets") }
        }
    }
}
