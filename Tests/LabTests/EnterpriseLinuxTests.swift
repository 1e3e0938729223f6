import Foundation
import Testing

/// The main job on hosts that are dressed as EL 9, with dnf and no yum, on a lab of its own.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.el9]))
struct EnterpriseLinuxTests {
    private let lab = EndToEndLab.el9
    private let balancers = EndToEndLab.balancers

    @Test(.long) func bareHostsBecomeAServiceAndAreGivenBack() throws {
        try lab.bare()
        // This one speaks Chinese, as do the package manager and sudo on it.
        try HostLanguage.chinese.settle(on: "haproxy2", of: lab)
        let words = try HostLanguage.chinese.said("dnf --assumeno install nosuch", on: "haproxy2", of: lab)
        #expect(words.contains("nosuch") && !words.contains("No match for argument"), "\(words)")
        let before = try lab.snapshots()

        let preflight = try lab.haprov("preflight")
        #expect(preflight.status == 0, "\(preflight)")
        let first = try lab.haprov("apply", "--yes")
        lab.disturbed()
        #expect(first.status == 0, "\(first)")
        // To which of the two standbys is for the network to say: their skews are 4 ms apart.
        #expect(first.summary["drills"][0]["ok"].flag == true, "\(first)")
        let steps = first.all("finished").compactMap { $0["step"].text }.filter { $0.hasPrefix("install psmisc") }
        #expect(steps.count == 3 && steps.allSatisfy { $0.hasSuffix(" by dnf") }, "\(steps)")
        for host in balancers {
            #expect(try lab.ask(host, "systemctl is-active haproxy keepalived") == "active\nactive")
        }
        let compiled = !first.all("build").isEmpty
        #expect(try balancers.map { try lab.on($0, "rpm -q gcc").status == 0 } == [false, false, compiled])
        let second = try lab.haprov("apply", "--yes")
        #expect(second.status == 0 && second.summary["changes"].number == 0, "\(second)")
        let verified = try lab.haprov("verify", "--yes")
        #expect(verified.status == 0, "\(verified)")

        let back = try lab.haprov("rollback", "--all", "--yes")
        #expect(back.status == 0, "\(back)")
        try lab.expectUnchanged(since: before)
        // dnf took away what it had brought: its books agree with what is there.
        for host in balancers {
            // On the build host what was compiled with goes by itself.
            let last = try lab.ask(host, "dnf history info last")
            #expect(last.contains("--disablerepo=*") && last.contains("Removed"), "\(host): \(last)")
            #expect(try lab.ask(host, "dnf history userinstalled | grep -c psmisc || :") == "0")
        }
    }

    /// Whatever language sudo would say it in.
    @Test(.long) func sudoIsUnderstoodInAnotherLanguage() throws {
        try lab.bare()
        try HostLanguage.chinese.settle(on: "haproxy2", of: lab)
        try lab.ask(
            "haproxy2",
            """
            set -e
            useradd -m -s /bin/bash ops
            echo ops:right | chpasswd
            echo 'ops ALL=(root) ALL' >/etc/sudoers.d/ops
            mkdir -m 700 ~ops/.ssh
            cp /root/.ssh/authorized_keys ~ops/.ssh/
            cp /etc/profile.d/language.sh ~ops/.bashrc
            chown -R ops: ~ops/.ssh
            """)
        defer { _ = try? lab.on("haproxy2", "userdel -rf ops; rm -f /etc/sudoers.d/ops") }
        let words = try HostLanguage.chinese.said("echo wrong | su ops -c 'sudo -kS true'", on: "haproxy2", of: lab)
        #expect(!words.contains("incorrect password") && words.contains("sudo"), "\(words)")
        let ssh = "ssh: { user: ops, become: { by: sudo, password: { env: OPS_PASSWORD } } }"
        let inventory = try lab.inventory("sudo", ("haproxy2: { ", "haproxy2: { \(ssh), "))
        let right = try lab.haprov("preflight", inventory: inventory, environment: ["OPS_PASSWORD": "right"])
        #expect(right.status == 0, "\(right)")
        let wrong = try lab.haprov("preflight", inventory: inventory, environment: ["OPS_PASSWORD": "wrong"])
        #expect(wrong.failures.contains { $0.contains("sudo did not take the password of ops") }, "\(wrong)")
    }

    /// Hardened mounts, and less room than a distribution's image has.
    @Test(.long) func whatForbidsProgramsIsNamedAndLittleRoomIsEnough() throws {
        try lab.bare()
        try lab.ask(
            "haproxy2",
            """
            mount -t tmpfs -o size=64m,mode=755,noexec none /usr/local && mount -t tmpfs -o mode=1777,noexec none /tmp
            """)
        defer { _ = try? lab.on("haproxy2", "umount /usr/local /tmp") }
        let told = try lab.haprov("preflight")
        #expect(told.status == 1, "\(told)")
        let failures = told.failures
        try #require(failures.count == 2, "\(told)")
        for (failure, product) in zip(failures, ["haproxy", "keepalived"]) {
            let wanted =
                "haproxy2 | archive \(product) | no program runs in /usr/local/\(product)/sbin: /usr/local is mounted "
                + "with noexec | Take that option off: `mount -o remount,exec /usr/local` on haproxy2"
            #expect(failure.contains(wanted), "\(told)")
        }
        #expect(try lab.ask("haproxy2", "ls -A /usr/local; find / -xdev -name '.haprov-trial*'") == "")
        // As the message says; programs in /tmp are nobody's need.
        try lab.ask("haproxy2", "mount -o remount,exec,size=64m /usr/local")
        let applied = try lab.haprov("apply", "--yes", "--no-verify")
        lab.disturbed()
        #expect(applied.status == 0, "\(applied)")
        let back = try lab.haprov("rollback", "--all", "--yes")
        #expect(back.status == 0, "\(back)")
        #expect(try lab.ask("haproxy2", "ls -A /usr/local") == "")
    }
}
