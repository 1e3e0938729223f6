import Foundation
import Testing

/// Every platform with every engine, compiled and of packages, from bare hosts and back: an hour and more. One lab stands at a time.
@Suite(
    .serialized,
    .enabled(if: EndToEndTrait.arePlatformsAsked, "set HAPROV_PLATFORM_TESTS=1 and HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: EndToEndLab.platforms, isAsked: EndToEndTrait.arePlatformsAsked))
struct PlatformMatrixTests {
    /// What happens on which lab, told as it happens.
    private struct Progress {
        let title: String
        private let start = Date()

        init(_ title: String) { self.title = title }

        func say(_ what: String) {
            let seconds = Int(Date().timeIntervalSince(start))
            FileHandle.standardOutput.write(Data("platforms: \(title): \(what), \(seconds) s\n".utf8))
        }
    }

    @Test(arguments: EndToEndLab.platforms.indices)
    func compiled(index: Int) throws {
        let lab = EndToEndLab.platforms[index]
        defer { try? lab.down() }
        for engine in ["keepalived", "vrrpd"] {
            let progress = Progress("\(lab.title) with \(engine)")
            try lab.bare()
            progress.say("bare hosts")
            let inventory = engine == "vrrpd" ? try lab.vrrpdInventory() : lab.inventory
            try comesAndGoes(lab, inventory, progress)
        }
    }

    /// HAProxy of the distribution's own package with either engine, and keepalived of its own likewise.
    @Test(arguments: EndToEndLab.platforms.indices.filter { EndToEndLab.platforms[$0].hostFlavours.isEmpty })
    func packaged(index: Int) throws {
        let lab = EndToEndLab.platforms[index]
        defer { try? lab.down() }
        try lab.bare()
        let vrrpd = try lab.inventory(
            "vrrpd-package", EndToEndLab.engineVRRPD, EndToEndLab.withoutKeepalived, EndToEndLab.packagedHAProxy)
        let both = try lab.inventory("packages", EndToEndLab.packagedHAProxy, EndToEndLab.packagedKeepalived)
        for (engine, inventory) in [("vrrpd", vrrpd), ("keepalived", both)] {
            let progress = Progress("\(lab.title) with packages and \(engine)")
            try lab.bare()
            try comesAndGoes(lab, inventory, progress)
        }
    }

    /// A balancer that had both packages before, with a configuration of its own that serves.
    @Test(arguments: EndToEndLab.platforms.indices.filter { EndToEndLab.platforms[$0].title == "el9" })
    func adopted(index: Int) throws {
        let lab = EndToEndLab.platforms[index]
        defer { try? lab.down() }
        try lab.bare()
        try lab.serveOwn(on: "haproxy2", install: "dnf -q -y install haproxy keepalived; systemctl -q enable haproxy")
        let both = try lab.inventory("packages", EndToEndLab.packagedHAProxy, EndToEndLab.packagedKeepalived)
        try comesAndGoes(lab, both, Progress("\(lab.title) with packages, of which one host had its own"))
        try lab.servesOwn("haproxy2")
    }

    /// From bare hosts to a service that fails over, and back.
    private func comesAndGoes(_ lab: EndToEndLab, _ inventory: String, _ progress: Progress) throws {
        let before = try lab.snapshots()
        let plan = try lab.haprov("plan", inventory: inventory)
        #expect(plan.status == 2, "\(plan)")
        let notes = plan.all("note").compactMap { $0["text"].text }
        let isMixed = !lab.hostFlavours.isEmpty
        // Where anything has to be compiled: with the second engine HAProxy is there already.
        let isTold = notes.contains { $0.hasPrefix("the balancers are of 3 platforms") }
        #expect(isTold == (isMixed && !plan.all("build").isEmpty), "\(notes)")
        let first = try lab.haprov("apply", "--yes", inventory: inventory)
        lab.disturbed()
        try #require(first.status == 0, "\(first)")
        #expect(first.summary["drills"][0]["ok"].flag == true, "\(first)")
        progress.say("applied")
        if isMixed { try everyOneHasItsOwn(lab) }
        let second = try lab.haprov("apply", "--yes", inventory: inventory)
        #expect(second.status == 0 && second.summary["changes"].number == 0, "\(second)")
        let verified = try lab.haprov("verify", "--yes", inventory: inventory)
        #expect(verified.status == 0, "\(verified)")
        progress.say("verified")
        let back = try lab.haprov("rollback", "--all", "--yes", inventory: inventory)
        #expect(back.status == 0, "\(back)")
        // keepalived 2.3 writes rt_addrprotos.d/keepalived.conf there when it starts, as docs/packages.md says.
        let own = lab.flavour == "debian13" ? "/etc/iproute2" : "/nowhere"
        let difference = try lab.snapshots().difference(from: before).filter { !$0.contains(own) }
        #expect(difference == [])
        progress.say("taken back")
    }

    /// Each balancer of the mixed group runs what its like compiled.
    private func everyOneHasItsOwn(_ lab: EndToEndLab) throws {
        let builds = try EndToEndLab.balancers.map { try lab.ask($0, "cat /var/lib/haprov/installed/haproxy/build") }
        #expect(Set(builds).count == 3, "\(builds)")
    }

    /// apt, dpkg and sudo that speak German.
    @Test(arguments: EndToEndLab.platforms.indices.filter { EndToEndLab.platforms[$0].title == "debian12" })
    func wordsOfAnotherLanguage(index: Int) throws {
        let lab = EndToEndLab.platforms[index]
        defer { try? lab.down() }
        try lab.bare()
        for host in EndToEndLab.balancers { try HostLanguage.german.settle(on: host, of: lab) }
        let words = try HostLanguage.german.said("apt-get --simulate install nosuch", on: "haproxy1", of: lab)
        #expect(words.contains("nosuch") && !words.contains("Unable to locate"), "\(words)")
        let before = try lab.snapshots()
        let applied = try lab.haprov("apply", "--yes")
        #expect(applied.status == 0, "\(applied)")
        let back = try lab.haprov("rollback", "--all", "--yes")
        #expect(back.status == 0, "\(back)")
        try lab.expectUnchanged(since: before)
        try lab.ask("haproxy1", "mv /etc/apt/sources.list /etc/apt/sources.list.away; apt-get -qq update || :")
        let told = try lab.haprov("apply", "--yes", "--no-verify")
        #expect(told.failures.contains { $0.contains("haproxy1") && $0.contains("no source of packages is named") })
    }
}
