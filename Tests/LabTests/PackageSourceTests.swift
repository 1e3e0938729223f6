import Foundation
import Testing

extension EndToEndTests {
    /// Hosts whose repositories are dead, as those of every CentOS 7 are since July 2024.
    @Suite(.serialized) struct PackageSourceTests {
        private let lab = EndToEndLab.dead

        @Test(arguments: ["preflight", "apply"])
        func deadRepositoriesAreRefusedWithTheThreeWays(_ command: String) throws {
            try lab.bare()
            let bare = try lab.bareHosts().filter { $0.key.hasPrefix("haproxy") }
            let told = try command == "apply" ? lab.haprov("apply", "--yes") : lab.haprov(command)
            #expect(told.status == 1, "\(told)")
            #expect(told.summary["run"] == .null)
            for host in EndToEndLab.balancers {
                let failure = try #require(told.failures.first { $0.hasPrefix("preflight | \(host) | packages: host") })
                #expect(failure.contains("mirrorlist.centos.org has had no address since July 2024"))
                for way in ["`packages: host`", "`packages: { rpms: DIR }`", "`packages: vault`"] {
                    #expect(failure.contains(way), "\(failure)")
                }
                #expect(try lab.on(host, "test -e /var/lib/haprov").status != 0)
            }
            // Of the other command the same is seen by this: the hosts are the same.
            if command == "apply" { try lab.expectUnchanged(since: bare) }
        }

        @Test(.long) func aFolderOfRPMsIsEnough() throws {
            // Compiled already where the tests run in order; here, from RPMs, where this one runs alone.
            try lab.bare()
            let bare = try lab.bareHosts().filter { $0.key.hasPrefix("haproxy") }
            let inventory = try lab.inventory("rpms", ("packages: host", "packages: { rpms: \(lab.rpms) }"))
            let told = try lab.haprov("apply", "--yes", inventory: inventory)
            #expect(told.status == 0, "\(told)")
            #expect(told.summary["drills"][0]["ok"].flag == true)
            for host in EndToEndLab.balancers {
                #expect(try lab.on(host, "rpm -q psmisc").status == 0)
                // What was brought along is no longer there, and the host's own files are as they were.
                #expect(try lab.ask(host, "ls /var/lib/haprov") == "installed\nruns")
                #expect(try lab.ask(host, "ls /etc/yum.repos.d") == "CentOS-Base.repo")
            }
            let second = try lab.haprov("apply", "--yes", inventory: inventory)
            #expect(second.status == 0)
            #expect(second.summary["changes"].number == 0)
            let back = try lab.haprov("rollback", "--yes", inventory: inventory)
            #expect(back.status == 0, "\(back)")
            try lab.expectUnchanged(since: bare)
        }
    }
}
