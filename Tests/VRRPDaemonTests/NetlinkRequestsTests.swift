import Testing
import VRRP

@testable import VRRPDaemon

@Suite struct NetlinkRequestsTests {
    private let address = VirtualAddress(address: .v4(0xAC10_7A64), prefixLength: 24, interface: "ens33")

    @Test func anIPv4AddressIsAddedWithALifetime() {
        var requests = NetlinkRequests()
        requests.add(address, to: 2, lifetime: 2, sequence: 7)
        #expect(
            requests.octets
                == octets(
                    """
                    3c 00 00 00                 | length 60
                    14 00 01 05                 | RTM_NEWADDR; NLM_F_REQUEST, NLM_F_REPLACE, NLM_F_CREATE
                    07 00 00 00 00 00 00 00     | sequence 7, port 0
                    02 18 00 00 02 00 00 00     | AF_INET, /24, no flags, scope universe, interface 2
                    08 00 02 00 ac 10 7a 64     | IFA_LOCAL 172.16.122.100
                    08 00 01 00 ac 10 7a 64     | IFA_ADDRESS likewise
                    14 00 06 00                 | IFA_CACHEINFO
                    02 00 00 00 02 00 00 00     | preferred and valid for 2 s
                    00 00 00 00 00 00 00 00     | created, updated: the kernel's
                    """))
    }

    @Test func aLabelIsCutToWhatTheKernelHasRoomFor() {
        var requests = NetlinkRequests()
        var labelled = address
        labelled.label = "ens33:0123456789abc"
        requests.add(labelled, to: 2, lifetime: 2, sequence: 1)
        #expect(
            Array(requests.octets[40..<60])
                == octets(
                    """
                    14 00 03 00                                         | IFA_LABEL
                    65 6e 73 33 33 3a 30 31 32 33 34 35 36 37 38 00     | 15 characters and the end
                    """))
    }

    @Test func anIPv6HostAddressWorksAtOnceAndIsNeverPreferredAsASource() {
        var requests = NetlinkRequests()
        requests.add(
            VirtualAddress(address: .v6(0x2001_0db8_0000_0000, 0x64), prefixLength: 128, interface: "ens33"), to: 3,
            lifetime: 2, sequence: 1)
        #expect(
            requests.octets
                == octets(
                    """
                    40 00 00 00 14 00 01 05 01 00 00 00 00 00 00 00
                    0a 80 02 00 03 00 00 00                             | AF_INET6, /128, IFA_F_NODAD, interface 3
                    14 00 02 00                                         | IFA_LOCAL 2001:db8::64
                    20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 64
                    14 00 06 00 00 00 00 00 02 00 00 00                 | preferred 0 s, valid 2 s
                    00 00 00 00 00 00 00 00
                    """))
    }

    @Test func anAddressIsRemoved() {
        var requests = NetlinkRequests()
        requests.remove(address.address, prefixLength: 24, from: 2, sequence: 9)
        #expect(
            requests.octets
                == octets(
                    """
                    28 00 00 00 15 00 09 00 09 00 00 00 00 00 00 00     | length 40, RTM_DELADDR, NLM_F_REQUEST, NLM_F_ECHO
                    02 18 00 00 02 00 00 00
                    08 00 02 00 ac 10 7a 64
                    08 00 01 00 ac 10 7a 64
                    """))
    }

    @Test func everythingIsAskedFor() {
        var requests = NetlinkRequests()
        requests.dump(18, sequence: 1)
        requests.dump(22, sequence: 2)
        #expect(
            requests.octets
                == octets(
                    """
                    20 00 00 00 12 00 01 03 01 00 00 00 00 00 00 00     | RTM_GETLINK, NLM_F_REQUEST, NLM_F_DUMP
                    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00     | struct ifinfomsg
                    18 00 00 00 16 00 01 03 02 00 00 00 00 00 00 00     | RTM_GETADDR
                    00 00 00 00 00 00 00 00                             | struct ifaddrmsg
                    """))
    }

    @Test func requestsAreFoundAgainInTheirOctets() {
        var requests = NetlinkRequests()
        for index in 1...5 { requests.add(address, to: UInt32(index), lifetime: 2, sequence: 1) }
        requests.remove(address.address, prefixLength: 24, from: 2, sequence: 1)
        #expect(NetlinkRequests(octets: requests.octets).offsets == requests.offsets)
    }
}
