import Foundation
import Testing

/// HAProxy of Debian's own package, on Debian 13 as it is.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.debian13]))
struct DebianPackageTests {
    private let lab = EndToEndLab.debian13
    private let balancers = EndToEndLab.balancers

    @Test func aPackageIsInstalledOrAdoptedAndGivenBack() throws {
        try lab.bare()
        let packaged = try lab.inventory(
            "package", EndToEndLab.engineVRRPD, EndToEndLab.packagedHAProxy, EndToEndLab.withoutKeepalived)
        // One had it before, with a configuration of its own that serves; another only a user of that name.
        let install = "apt-get -q update && apt-get -q -y --no-install-recommends install haproxy"
        try lab.serveOwn(on: "haproxy2", install: install)
        try lab.ask("haproxy3", "useradd -r -M -s /bin/false haproxy")
        let before = try lab.snapshots()

        let preflight = try lab.haprov("preflight", inventory: packaged)
        #expect(preflight.status == 0, "\(preflight)")
        let first = try lab.haprov("apply", "--yes", inventory: packaged)
        #expect(first.status == 0, "\(first)")
        #expect(first.summary["drills"][0]["ok"].flag == true, "\(first)")
        for host in balancers {
            let unit = try lab.ask(
                host, "systemctl show -p FragmentPath -p Restart -p LimitNOFILE -p ActiveState haproxy")
            #expect(
                Set(unit.split(separator: "\n")).isSuperset(of: [
                    "ActiveState=active", "FragmentPath=/usr/lib/systemd/system/haproxy.service", "LimitNOFILE=65536",
                    "Restart=on-failure",
                ]), "\(unit)")
            #expect(
                try lab.ask(host, "readlink /proc/$(systemctl show -p MainPID --value haproxy)/exe")
                    == "/usr/sbin/haproxy")
        }
        #expect(try balancers.map { try lab.on($0, "command -v gcc; test -e /usr/local/haproxy").status } == [1, 1, 1])
        let second = try lab.haprov("apply", "--yes", inventory: packaged)
        #expect(second.status == 0 && second.summary["changes"].number == 0, "\(second)")
        let status = try lab.haprov("status", inventory: packaged)
        #expect(status.status == 0 && !status.lines.contains { $0.contains("different packages") }, "\(status)")
        #expect(status.all("host").allSatisfy { $0["versions"]["haproxy"].text?.hasPrefix("3.") == true }, "\(status)")

        let back = try lab.haprov("rollback", "--all", "--yes", inventory: packaged)
        #expect(back.status == 0, "\(back)")
        try lab.expectUnchanged(since: before)
        try lab.servesOwn("haproxy2")
        try lab.ask("haproxy2", "apt-get -q -y purge haproxy && apt-get -q -y autoremove")
        try lab.ask("haproxy3", "userdel haproxy")
    }

    @Test func aPackageThatIsTooOldIsRefusedBeforeAnythingIsDone() throws {
        try lab.bare()
        let newer = try lab.inventory(
            "newer", EndToEndLab.engineVRRPD,
            ("  version: 2.6.12\n  prefix: /usr/local/haproxy\n", "  from: package\n  version: 9.9\n"))
        let before = try lab.snapshots()
        let told = try lab.haprov("apply", "--yes", inventory: newer)
        #expect(told.status == 1, "\(told)")
        #expect(
            told.failures.contains { $0.contains("Debian 13 would bring haproxy_3.") && $0.contains("9.9 or later") },
            "\(told)")
        try lab.expectUnchanged(since: before)
    }

    /// Without PCRE 1, and with a compiler of 2024.
    @Test(
        .enabled(if: EndToEndTrait.arePlatformsAsked, "set HAPROV_PLATFORM_TESTS=1"))
    func tarballsAreCompiled() throws {
        try lab.bare()
        let before = try lab.snapshots()
        let first = try lab.haprov("apply", "--yes")
        #expect(first.status == 0, "\(first)")
        #expect(first.summary["drills"][0]["ok"].flag == true, "\(first)")
        #expect(try lab.ask("haproxy1", "/usr/local/haproxy/sbin/haproxy -vv").contains("Built with PCRE2"))
        let second = try lab.haprov("apply", "--yes")
        #expect(second.status == 0 && second.summary["changes"].number == 0, "\(second)")
        let back = try lab.haprov("rollback", "--all", "--yes")
        #expect(back.status == 0, "\(back)")
        try lab.expectUnchanged(since: before)
    }
}
