import Foundation
import Testing

extension DaysTests {
    /// What of a cluster changes over the years, under a client that asks all the time.
    @Suite(.serialized, .long)
    struct ChangesTests {
        private let lab = EndToEndLab.days
        private let balancers = EndToEndLab.balancers

        /// How many requests clients send in a second, those of drills too. A machine with much else to do cannot answer a thousand:
        /// what is asked goes on however late answers come, until HAProxy has all the connections that it may have, and from then
        /// on nobody is served, whatever is changed.
        private static let rate = 100

        private func client() throws -> OpenLoopClient {
            try OpenLoopClient(lab, more: "--interval-us \(1_000_000 / Self.rate)")
        }

        /// A copy of the lab's inventory with one thing another.
        private func inventory(_ name: String, _ pattern: Regex<Substring>, _ text: String) throws -> String {
            try lab.up()
            let path = try lab.inventory(name, [])
            let old = try String(contentsOfFile: path, encoding: .utf8)
            let drill = "\ndrill: { "
            let changed = old.replacing(pattern, with: text)
            try #require(changed != old && changed.contains(drill))
            let new = changed.replacing(drill, with: "\(drill)rate: \(Self.rate), ")
            try Data(new.utf8).write(to: URL(fileURLWithPath: path))
            return path
        }

        /// Applies it and goes back, each time under the client; what it cost at the most, in milliseconds.
        @discardableResult
        private func thereAndBack(
            _ what: String, _ inventory: String, quiet: Bool, check: () throws -> Void = {}
        ) throws -> Double {
            try lab.converged()
            let seen = try DaysTests.watched(what, lab, by: client()) { client in
                try client.mark("there")
                let there = try lab.haprov("apply", "--yes", inventory: inventory)
                #expect(there.status == 0, "\(there)")
                // What no failover depends on is proven no worse than before.
                #expect(there.summary["drills"].list.isEmpty == quiet, "\(there)")
                try lab.settled()
                try check()
                let plan = try lab.haprov("plan", inventory: inventory)
                #expect(plan.status == 0, "\(plan)")
                try client.mark("back")
                lab.disturbed()
                try lab.converged()
            }
            for phase in seen.phases { #expect(phase.good > 0, "\(phase)") }
            if quiet { #expect(seen.phases.allSatisfy { $0.failed == 0 }, "\(seen.phases)") }
            return seen.phases.map(\.longestGap).max() ?? 0
        }

        /// What the balancers' keepalived.conf have after a word.
        private func configured(_ word: String) throws -> Set<String> {
            Set(
                try balancers.map { host in
                    try lab.ask(host, "awk '$1 == \"\(word)\" { print $2 }' /etc/keepalived/keepalived.conf")
                })
        }

        @Test func aBalancerJoins() throws {
            try lab.converged()
            let two = try lab.inventory("two")
            lab.disturbed()
            let left = try lab.haprov("remove", "haproxy3", "--yes", inventory: two)
            #expect(left.status == 0, "\(left)")
            let seen = try DaysTests.watched("a balancer joins", lab, by: client()) { client in
                try client.mark("join")
                let told = try lab.haprov("apply", "--yes")
                #expect(told.status == 0, "\(told)")
                #expect(told.summary["drills"].list.isEmpty, "it neither fails nor takes over in one: \(told)")
                try lab.settled()
            }
            #expect(seen.phases.allSatisfy { $0.failed == 0 && $0.good > 0 }, "\(seen.phases)")
            #expect(try lab.haprov("status").status == 0)
        }

        @Test func aBalancerGetsAnotherName() throws {
            let renamed = try inventory("renamed", /\bhaproxy3\b/, "lb3")
            try thereAndBack("a balancer is renamed", renamed, quiet: true) {
                let status = try lab.haprov("status", inventory: renamed)
                #expect(status.status == 0, "\(status)")
                #expect(status.all("host").compactMap { $0["host"].text } == ["haproxy1", "haproxy2", "lb3"])
            }
        }

        @Test func aBalancerIsReachedByAnotherAddress() throws {
            let (old, new) = ("172.16.122.103", "172.16.122.113")
            let moved = try inventory("moved", /172\.16\.122\.103/, new)
            let text = try String(contentsOfFile: moved, encoding: .utf8)
            let known = try #require(text.firstMatch(of: /known_hosts: "?([^",} ]+)/)).1
            try lab.ask("haproxy3", "ip addr add \(new)/24 dev ens33")
            defer { _ = try? lab.on("haproxy3", "ip addr del \(new)/24 dev ens33") }
            let keys = try String(contentsOfFile: String(known), encoding: .utf8)
            let own = keys.split(separator: "\n").filter { $0.contains(old) }.map { $0.replacing(old, with: new) }
            try #require(!own.isEmpty)
            try Data((keys + own.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: String(known)))
            try thereAndBack("a balancer gets another address", moved, quiet: true)
        }

        /// More ports, another way to see that servers are well, and a machine that is not among the hosts.
        @Test func theShortFormSaysMore() throws {
            let binds = try inventory("serving", /bind: "\*:80"/, "bind: [\"*:80\", \"*:8080-8082\"]")
            let text = try String(contentsOfFile: binds, encoding: .utf8)
            let servers =
                "servers: [app1, app2, { name: app3, address: 172.16.122.106 }], check: { path: /, host: www.test }"
            let new = text.replacing("servers: application", with: servers)
                .replacing(/\n  app3: .*/, with: "")
            try #require(new.contains(servers))
            try Data(new.utf8).write(to: URL(fileURLWithPath: binds))
            try thereAndBack("more ports, and servers that are asked for a page", binds, quiet: true) {
                for port in [80, 8080, 8082] {
                    let answer = try lab.get("http://\(EndToEndLab.vip):\(port)/")
                    #expect(EndToEndLab.applications.contains(answer), "\(port): \(answer)")
                }
            }
        }

        @Test func thePasswordIsAnother() throws {
            let path = try inventory("password", #/  password: .*/#, "  password: n3wPassw")
            try thereAndBack("the VRRP password changes", path, quiet: false) {
                let found = try configured("auth_pass")
                #expect(found == ["n3wPassw"])
            }
        }

        @Test func theVirtualRouterIsAnother() throws {
            let path = try inventory("router", /virtual_router_id: [0-9]+/, "virtual_router_id: 77")
            try thereAndBack("the VRID changes", path, quiet: false) {
                let found = try configured("virtual_router_id")
                #expect(found == ["77"])
            }
        }

        /// Clients of the old address have nobody any more, those of the new one have.
        @Test func theVIPIsAnother() throws {
            try lab.converged()
            let vip = "172.16.122.120"
            let path = try inventory("vip", /172\.16\.122\.100\//, "\(vip)/")
            lab.disturbed()
            let told = try lab.haprov("apply", "--yes", inventory: path)
            #expect(told.status == 0, "\(told)")
            #expect(try lab.holders().isEmpty, "nobody has the old one")
            #expect(EndToEndLab.applications.contains(try lab.get("http://\(vip)/")))
            let back = try lab.haprov("rollback", "--yes", inventory: path)
            #expect(back.status == 0, "\(back)")
            try lab.settled()
            #expect(EndToEndLab.applications.contains(try lab.get("http://\(EndToEndLab.vip)/")))
        }
    }
}
