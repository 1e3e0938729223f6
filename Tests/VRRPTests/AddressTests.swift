import Testing
import VRRP

@Suite struct AddressTests {
    @Test func equalPrioritiesAreSettledByTheNumericallyHigherAddress() {
        #expect(IPAddress.v4(0x0A00_0002) > .v4(0x0A00_0001))
        #expect(IPAddress.v6(1, 0) > .v6(0, .max))
    }

    @Test(arguments: [
        ("0.0.0.0", IPAddress.v4(0)), ("172.16.122.100", .v4(0xAC10_7A64)), ("255.255.255.255", .v4(.max)),
        ("::", .v6(0, 0)), ("::1", .v6(0, 1)), ("fe80::1", .v6(0xFE80_0000_0000_0000, 1)),
        ("2001:db8::", .v6(0x2001_0DB8_0000_0000, 0)),
        ("1:2:3:4:5:6:7:8", .v6(0x0001_0002_0003_0004, 0x0005_0006_0007_0008)),
        ("::ffff:192.0.2.1", .v6(0, 0xFFFF_C000_0201)),
        ("1:0:0:2::", .v6(0x0001_0000_0000_0002, 0)),
        ("2001:db8:0:1:1:1:1:1", .v6(0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001)),
    ])
    func readAndWrittenInTheCanonicalForm(text: String, address: IPAddress) {
        #expect(IPAddress(text) == address)
        #expect(address.description == text)
    }

    @Test(arguments: [
        ("FE80:0:0:0:0:0:0:1", "fe80::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"),
        ("0001::0020", "1::20"), ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"), ("0:0:1::", "0:0:1::"),
        ("::1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"), ("::192.0.2.1", "::c000:201"),
    ])
    func otherFormsAreReadToo(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", "1.2.3.4 ", "1.2.3.-4", "1.2.3.4/24",
        "1..3.4",
        ":", ":::", "1:2", "1:2:3:4:5:6:7:8:9", "1::2::3", "::1::", "12345::", "g::", "fe80::1%eth0", ":1::2", "1::2:",
        "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4",
        "::1/64",
        "0000000000000000000000000000000000000000000000000001::",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func octetsAreInNetworkOrder() {
        #expect(IPAddress.v4(0x0102_0304).octets == [1, 2, 3, 4])
        #expect(IPAddress(octets: [1, 2, 3, 4]) == .v4(0x0102_0304))
        let six = (1...16).map { UInt8($0) }
        #expect(IPAddress(octets: six) == .v6(0x0102_0304_0506_0708, 0x090A_0B0C_0D0E_0F10))
        #expect(IPAddress(octets: six)?.octets == six)
        for count in 0...32 where count != 4 && count != 16 {
            #expect(IPAddress(octets: [UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test func linkLocalIsTheFirstTenBits() {
        #expect(IPAddress("fe80::1")?.isLinkLocal == true)
        #expect(IPAddress("febf::1")?.isLinkLocal == true)
        #expect(IPAddress("fec0::1")?.isLinkLocal == false)
        #expect(IPAddress("169.254.0.1")?.isLinkLocal == false)
    }

    @Test(arguments: [
        ("172.16.122.100", 24, "172.16.122.0", "172.16.122.255", "172.16.122.1", "172.16.123.1"),
        ("10.1.2.3", 30, "10.1.2.0", "10.1.2.3", "10.1.2.1", "10.1.2.4"),
        ("10.1.2.3", 32, "10.1.2.3", "10.1.2.3", "10.1.2.3", "10.1.2.2"),
        ("10.1.2.3", 0, "0.0.0.0", "255.255.255.255", "192.0.2.1", "::"),
        ("2001:db8::1", 64, "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", "2001:db8::2", "2001:db8:0:1::1"),
        ("2001:db8::1", 126, "2001:db8::", "2001:db8::3", "2001:db8::3", "2001:db8::4"),
        ("2001:db8::1", 32, "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:1::", "2001:db9::"),
        ("2001:db8::1", 128, "2001:db8::1", "2001:db8::1", "2001:db8::1", "2001:db8::"),
        ("2001:db8::1", 0, "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "1::", "0.0.0.0"),
    ])
    func subnets(text: String, prefix: UInt8, first: String, last: String, inside: String, outside: String) throws {
        let address = InterfaceAddress(address: try #require(IPAddress(text)), prefixLength: prefix)
        #expect(address.network.description == first)
        #expect(address.last.description == last)
        #expect(address.contains(try #require(IPAddress(inside))))
        #expect(!address.contains(try #require(IPAddress(outside))))
        #expect(address.description == "\(text)/\(prefix)")
    }

    @Test(arguments: [
        ("0.0.0.0", nil), ("10.0.1.0", "10.0.0.255"), ("::", nil), ("::1", "::"),
        ("0:0:0:1::", "::ffff:ffff:ffff:ffff"),
    ])
    func theAddressBefore(text: String, before: String?) {
        #expect(IPAddress(text)?.previous?.description == before)
    }
}
