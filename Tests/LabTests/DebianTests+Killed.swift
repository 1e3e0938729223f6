import Foundation
import Testing

extension DebianTests {
    /// As soon as dpkg has begun to note down what it does, it is ended, and apt with it.
    private static let killing = """
        timeout 900 sh -c 'while set -- /var/lib/dpkg/updates/[0-9]*; [ ! -e "$1" ]; do :; done' || exit 1
        pkill -9 -x dpkg
        pkill -9 -x apt-get
        echo killed
        """

    /// The cause is named, the next `apply` completes what was cut off, and both are taken back.
    @Test func aDpkgThatIsKilledAtWork() throws {
        let lab = EndToEndLab.debian
        try lab.bare()
        let before = try lab.snapshots()
        let inventory = try lab.vrrpdInventory()
        let killer = try Program(
            [EndToEndLab.program, "lab", "exec", "--name", lab.name, "haproxy3", "--", "sh", "-s"],
            input: Self.killing + "\n")
        let killed = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory)
        lab.disturbed()
        #expect(try killer.finish(within: 60).output == "killed\n")
        #expect(killed.status == 1, "\(killed)")
        let failure = try #require(killed.failures.first)
        #expect(failure.hasPrefix("change | haproxy3 | install ") && failure.contains("by apt"), "\(failure)")
        try lab.hasNoLocks()
        #expect(try lab.on("haproxy3", "dpkg --audit").output != "", "it was in the midst of its work")

        let again = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory)
        #expect(again.status == 0, "\(again)")
        #expect(try lab.on("haproxy3", "dpkg --audit").output == "")
        #expect(try lab.haprov("plan", inventory: inventory).status == 0)
        let back = try lab.haprov("rollback", "--all", "--yes", inventory: inventory)
        #expect(back.status == 0 && back.all("note").allSatisfy { $0["host"] == .null }, "\(back)")
        #expect(try lab.snapshots().difference(from: before) == [])
        try lab.hasNoLocks()
    }
}
