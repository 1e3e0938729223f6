import Foundation
import Testing

/// The main job on Debian as it is, with packages by apt, on a lab of its own.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.debian]))
struct DebianTests {
    private let lab = EndToEndLab.debian
    private let balancers = EndToEndLab.balancers

    /// A package without content, made on the host.
    private func makePackage(_ name: String, on host: String, control: String, files: String = "") throws {
        try lab.ask(
            host,
            """
            set -e
            d=$(mktemp -d)
            mkdir -p $d/DEBIAN $d/etc
            printf 'Package: \(name)\\nVersion: 0\\nArchitecture: all\\nMaintainer: x\\nDescription: x\\n\(control)' >$d/DEBIAN/control
            \(files)
            dpkg-deb -b $d $d.deb >/dev/null
            dpkg -i $d.deb >/dev/null
            rm -r $d $d.deb
            """)
    }

    /// Compiles three times.
    @Test(.long) func bareHostsBecomeAServiceAndAreGivenBack() throws {
        try lab.bare()
        // A package was there once, and left its configuration behind.
        try makePackage(
            "psmisc", on: "haproxy2", control: "",
            files: "echo kept >$d/etc/psmisc.conf; echo /etc/psmisc.conf >$d/DEBIAN/conffiles")
        try lab.ask("haproxy2", "echo mine >/etc/psmisc.conf && dpkg --remove psmisc >/dev/null")
        let before = try lab.snapshots()
        let vrrpd = try lab.vrrpdInventory()

        let preflight = try lab.haprov("preflight", inventory: vrrpd)
        #expect(preflight.status == 0, "\(preflight)")
        let first = try lab.haprov("apply", "--yes", inventory: vrrpd)
        #expect(first.status == 0, "\(first)")
        #expect(first.summary["drills"][0]["ok"].flag == true && first.summary["drills"][0]["to"].text == "haproxy2")
        #expect(try lab.haprov("plan", inventory: vrrpd).status == 0)
        // A compiler is where HAProxy was compiled, and nowhere else.
        #expect(try balancers.map { try lab.on($0, "command -v gcc").status == 0 } == [false, false, true])

        // The other engine takes its place: compiled too.
        let second = try lab.haprov("apply", "--yes")
        #expect(second.status == 0, "\(second)")
        #expect(second.summary["drills"][0]["ok"].flag == true)
        for host in balancers {
            #expect(try lab.ask(host, "systemctl is-active haproxy keepalived") == "active\nactive")
        }
        let third = try lab.haprov("apply", "--yes")
        #expect(third.status == 0 && third.summary["changes"].number == 0, "\(third)")

        // Something has come to need a package since.
        try makePackage("newcomer", on: "haproxy1", control: "Depends: psmisc\\n")
        let back = try lab.haprov("rollback", "--all", "--yes")
        #expect(back.status == 0, "\(back)")
        let words = "these packages are kept, because others have come to need them (newcomer): psmisc"
        #expect(back.lines.contains { $0.contains(words) }, "\(back)")
        #expect(try lab.ask("haproxy1", "dpkg-query -W -f '${Status}' psmisc") == "install ok installed")
        try lab.ask("haproxy1", "dpkg --purge newcomer psmisc >/dev/null")
        #expect(try lab.ask("haproxy2", "cat /etc/psmisc.conf") == "mine")
        try lab.expectUnchanged(since: before)
    }

    @Test func whatAptCannotBringIsSaidBeforeAnythingIsDone() throws {
        try lab.bare()
        let runs = "ls /var/lib/haprov/runs 2>/dev/null; true"
        let before = try balancers.map { try lab.ask($0, runs) }
        try lab.ask("haproxy3", "mv /etc/apt/sources.list /etc/apt/sources.list.away")
        defer { _ = try? lab.on("haproxy3", "mv /etc/apt/sources.list.away /etc/apt/sources.list") }
        let told = try lab.haprov("apply", "--yes", "--no-verify")
        #expect(told.status == 1, "\(told)")
        #expect(told.failures.contains { $0.contains("haproxy3") && $0.contains("no source of packages is named") })
        #expect(try balancers.map { try lab.ask($0, runs) } == before)
    }

    @Test(
        "haprov's own package installs, runs, and leaves nothing when it is removed",
        .enabled(if: EndToEndLab.distribution != nil, "`make lab-tests` names it in HAPROV_DIST"))
    func package() throws {
        try lab.bare()
        try lab.comesAndGoes(packageOfHaprov: ".deb", install: "dpkg -i", remove: "dpkg --purge haprov")
    }

    /// No source of packages at all, and a folder of .deb files on the controller; both programs from there.
    @Test(.long) func aFolderOfPackagesIsEnough() throws {
        try lab.bare()
        for host in balancers { try lab.ask(host, "mv /etc/apt/sources.list /etc/apt/sources.list.away") }
        defer { for host in balancers { _ = try? lab.on(host, "mv /etc/apt/sources.list.away /etc/apt/sources.list") } }
        let before = try lab.snapshots()
        let packages: (String, String) = ("packages: host", "packages: { debs: \(lab.debs) }")
        let folder = try lab.inventory(
            "folder", packages, EndToEndLab.packagedHAProxy, EndToEndLab.packagedKeepalived)
        let first = try lab.haprov("apply", "--yes", inventory: folder)
        #expect(first.status == 0, "\(first)")
        #expect(first.summary["drills"][0]["ok"].flag == true, "\(first)")
        for host in balancers {
            #expect(try lab.ask(host, "systemctl is-active haproxy keepalived") == "active\nactive")
            let programs =
                "for u in haproxy keepalived; do readlink /proc/$(systemctl show -p MainPID --value $u)/exe; done"
            #expect(try lab.ask(host, programs) == "/usr/sbin/haproxy\n/usr/sbin/keepalived")
        }
        let second = try lab.haprov("apply", "--yes", inventory: folder)
        #expect(second.status == 0 && second.summary["changes"].number == 0, "\(second)")
        // A new configuration is taken up by a reload.
        let other = try lab.inventory(
            "folder", packages, EndToEndLab.packagedHAProxy, ("advert_int: 1s", "advert_int: 2s"),
            EndToEndLab.packagedKeepalived)
        let third = try lab.haprov("apply", "--yes", "--no-verify", inventory: other)
        #expect(third.status == 0 && third.summary["changes"].number ?? 0 > 0, "\(third)")
        let back = try lab.haprov("rollback", "--all", "--yes", inventory: folder)
        #expect(back.status == 0, "\(back)")
        try lab.expectUnchanged(since: before)
    }

    @Test(.enabled(if: EndToEndTrait.arePlatformsAsked, "set HAPROV_PLATFORM_TESTS=1"))
    func ufwIsOpenedAndGivenBack() throws {
        try lab.bare()
        for host in balancers {
            try lab.ask(
                host,
                """
                set -e
                export DEBIAN_FRONTEND=noninteractive
                apt-get -q update && apt-get -q -y --no-install-recommends install ufw
                ufw allow 22/tcp && ufw --force enable
                """)
        }
        defer {
            for host in balancers {
                _ = try? lab.on(host, "ufw --force disable; apt-get -q -y purge ufw; apt-get -q -y autoremove --purge")
            }
        }
        let before = try lab.snapshots()
        let vrrpd = try lab.inventory(
            "ufw", EndToEndLab.engineVRRPD, EndToEndLab.packagedHAProxy, EndToEndLab.withoutKeepalived)
        // A rule that ours would replace is named before anything is touched.
        try lab.ask("haproxy2", "ufw limit 80/tcp")
        let refused = try lab.haprov("plan", inventory: vrrpd)
        #expect(refused.status != 0 && refused.failures.joined().contains("limit 80/tcp"), "\(refused)")
        try lab.ask("haproxy2", "ufw delete limit 80/tcp")
        let first = try lab.haprov("apply", "--yes", inventory: vrrpd)
        #expect(first.status == 0, "\(first)")
        #expect(first.summary["drills"][0]["ok"].flag == true, "\(first)")
        for host in balancers {
            let rules = try lab.ask(host, "ufw show added")
            #expect(rules.contains("ufw allow 80/tcp") && rules.contains("proto vrrp"), "\(rules)")
        }
        let second = try lab.haprov("apply", "--yes", inventory: vrrpd)
        #expect(second.status == 0 && second.summary["changes"].number == 0, "\(second)")
        // A rule of somebody else's, added since, stays.
        try lab.ask("haproxy2", "ufw allow 9999/tcp")
        try lab.ask("haproxy3", "ufw logging high")
        let back = try lab.haprov("rollback", "--all", "--yes", inventory: vrrpd)
        #expect(back.status == 0, "\(back)")
        #expect(try lab.ask("haproxy2", "ufw show added").contains("9999"))
        try lab.ask("haproxy2", "ufw delete allow 9999/tcp")
        // Nor is the older logging brought back.
        #expect(try lab.ask("haproxy3", "grep -c 'UFW AUDIT' /etc/ufw/user.rules") != "0")
        try lab.ask("haproxy3", "ufw logging low")
        try lab.expectUnchanged(since: before)
        for host in balancers { #expect(try lab.ask(host, "ufw status").contains("80/tcp") == false) }
    }
}
