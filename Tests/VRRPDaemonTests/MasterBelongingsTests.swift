import Foundation
import Testing

/// What a master has besides its addresses, and what it depends on besides scripts and processes.
@Suite(.serialized) struct MasterBelongingsTests {
    private let address = "10.9.0.100"

    private func routes(_ host: TestHost) throws -> [String] {
        try ip("-n", host.namespace, "route", "show").split(separator: "\n").map(String.init)
            .filter { $0.contains("10.88.") }.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test func aRouteThatIsRemovedComesBackAndOnlyItsOwnGoes() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            // Somebody else's, to the same place.
            try ip("-n", host.namespace, "route", "add", "10.88.1.0/24", "via", "10.9.0.8")
            var configuration = TestConfiguration(priority: 254)
            configuration.more = """
                virtual_routes {
                    10.88.0.0/24 via 10.9.0.9 dev eth0
                    10.88.1.0/24 via 10.9.0.8 dev eth0
                }
                virtual_rules {
                    from 10.88.0.0/24 table 100 preference 77
                }
                """
            let own = "10.88.0.0/24 via 10.9.0.9 dev eth0 proto keepalived"
            try host.start(configuration.text)
            try await eventually("its route is there") { try routes(host).contains(own) }
            try ip("-n", host.namespace, "route", "del", "10.88.0.0/24")
            try await eventually("it is there again") { try routes(host).contains(own) }
            let worker = try #require(host.worker)
            kill(worker, SIGKILL)
            try await eventually("another worker has the address and one rule") {
                let rules = try ip("-n", host.namespace, "rule").split(separator: "\n").filter { $0.hasPrefix("77:") }
                return try host.worker != worker && host.has(address) && routes(host).contains(own) && rules.count == 1
            }
            kill(host.supervisor, SIGTERM)
            try await eventually("only the other one's is left") {
                try routes(host) == ["10.88.1.0/24 via 10.9.0.8 dev eth0"]
            }
            #expect(try !ip("-n", host.namespace, "rule").contains("77:"))
        }
    }

    @Test func aNumberInAFileIsAFault() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let file = network.directory.appendingPathComponent("drained")
            var configuration = TestConfiguration(priority: 254)
            configuration.more = "track_file {\ndrained\n}"
            try host.start(
                "track_file drained {\nfile \(file.path)\nweight 0\ninit_file 0\n}\n" + configuration.text)
            try await eventually("it is master") { try host.has(address) }
            #expect(try String(contentsOf: file, encoding: .utf8) == "0\n")
            try Data("1\n".utf8).write(to: file)
            try await eventually("it has given the address up") { try !host.has(address) }
            #expect(host.log.contains("FAULT") && host.log.contains("file drained is down"))
            try FileManager.default.removeItem(at: file)
            try await eventually("without the file it is master again") { try host.has(address) }
        }
    }

    @Test func itBeginsLaterWhereItIsToldTo() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let start = Date()
            try host.start("global_defs {\nvrrp_startup_delay 3\n}\n" + TestConfiguration(priority: 254).text)
            try await eventually("it begins") { host.log.contains("BACKUP") }
            #expect(Date().timeIntervalSince(start) >= 3)
            #expect(host.log.contains("the routers begin in 3 s"))
            try await eventually("it is master") { try host.has(address) }
        }
    }

    @Test func theReaderOfAFIFOEndsWithItsWorkerAndTheFIFOWithTheDaemon() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let fifo = network.directory.appendingPathComponent("fifo").path
            let pids = network.directory.appendingPathComponent("readers")
            func readers() -> [String] {
                ((try? String(contentsOf: pids, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
            }
            // Of a dead process that nobody has asked about nothing is left there.
            func runs(_ reader: String) -> Bool {
                (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(reader)/cmdline")))?.isEmpty == false
            }
            let script = "/bin/sh -c 'echo $$ >>\(pids.path); exec sleep 1000'"
            try host.start(
                "global_defs {\nscript_user root\nvrrp_notify_fifo \(fifo)\nvrrp_notify_fifo_script \"\(script)\"\n}\n"
                    + TestConfiguration(priority: 254).text)
            try await eventually("it has a reader") { readers().count == 1 }
            kill(try #require(host.worker), SIGKILL)
            try await eventually("only another one's reader runs") {
                readers().count == 2 && readers().filter(runs) == readers().suffix(1)
            }
            kill(host.supervisor, SIGTERM)
            try await eventually("no reader is left") { !readers().contains(where: runs) }
            try await eventually("nor the FIFO") { !FileManager.default.fileExists(atPath: fifo) }
        }
    }
}
