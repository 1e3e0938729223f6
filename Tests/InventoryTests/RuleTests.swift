import Testing
import VRRP

@testable import Inventory

@Suite("Rules")
struct RuleTests {
    @Test(arguments: [
        ("1.8.25", "1.8.26"), ("1.9", "1.10"), ("2.0-dev3", "2.0"), ("2.0", "2.0.1"), ("1.8", "2.0-dev1"),
        ("3.0.0rc1", "3.0"),
    ])
    func versionsCompare(_ lower: String, _ higher: String) throws {
        let one = try #require(Version(lower))
        let other = try #require(Version(higher))
        #expect(one < other)
        #expect(!(other < one))
    }

    @Test func versionsOfEqualValue() throws {
        #expect(Version("2.0") == Version("2.0.0"))
        #expect(Set([Version("2.0"), Version("2.0.0")]).count == 1)
    }

    @Test(arguments: ["", "1", "1.", ".1", "1..2", "v1.2", "1.2/3", "1.2 ", "1.2;x", "1.2-", "99999999999999999999.1"])
    func noVersions(_ text: String) { #expect(Version(text) == nil) }

    @Test func worstTakeoverOfTheGuide() throws {
        let cluster = try #require(read(InventoryTemplate.text).cluster)
        let instance = try #require(cluster.instances.first)
        #expect(instance.worstTakeoverAfterResignation == 614)
        #expect(instance.worstTakeoverAfterHostDeath == 3614)
    }

    @Test func passwords() {
        #expect(VRRPPassword.problem("4gjfethTonUY7kXU") == nil)
        #expect(VRRPPassword.carried("4gjfethTonUY7kXU") == "4gjfethT")
        #expect(VRRPPassword.problem("a@b%c^d&*()-_=+[];:,.<>/?|") == nil)
        #expect(VRRPPassword.problem("") == "is empty")
        for character in "#!{}\"'\\$~` \t\n\u{7f}é" {
            #expect(VRRPPassword.problem("a\(character)b") != nil)
        }
    }

    @Test(arguments: ["/usr/local/haproxy", "/opt/ha", "/srv/ha-1.8/x_y+z", "/usr/local/lib/haproxy", "/var/lib/ha"])
    func prefixes(_ path: String) { #expect(InstallPrefix.problem(path) == nil) }

    @Test(arguments: [
        "", "/", "/usr", "/opt", "/usr/local", "/usr/bin", "/var/lib", "/usr/local/bin", "/run/x", "/a//b", "/a/./b",
        "/a/b/", "/a/../b", "a/b", "/a/$b", "/a/b\n", "/home/é/x",
    ])
    func noPrefixes(_ path: String) { #expect(InstallPrefix.problem(path) != nil) }

    @Test(arguments: [
        ("172.16.122.100", true), ("0.0.0.0", true), ("255.255.255.255", true), ("1.2.3", false), ("1.2.3.4.5", false),
        ("01.2.3.4", false), ("1.2.3.256", false), ("1.2.3.-4", false), ("1.2.3.٤", false), ("", false),
        ("2001:db8::1", false),
    ])
    func addresses(_ text: String, _ valid: Bool) {
        #expect((IPAddress(ofInventory: text) != nil) == valid)
        if let address = IPAddress(ofInventory: text) { #expect(address.description == text) }
    }
}
