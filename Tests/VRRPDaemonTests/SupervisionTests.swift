import Foundation
import Testing

/// The daemon, its supervisor or both die, hang or are asked something.
@Suite(.serialized) struct SupervisionTests {
    private let address = "10.9.0.100"

    /// Two hosts, the first of which has the address, and has had it before the second began: started together, the
    /// two are masters for a moment where the machine is slow, since their priorities are two milliseconds apart.
    private func withPair(_ body: (TestHost, TestHost) async throws -> Void) async throws {
        try await TestNetwork.with(hosts: 2) { network in
            let (master, backup) = (network.hosts[0], network.hosts[1])
            try master.start(TestConfiguration(priority: 254).text)
            try await eventually("\(master.namespace) has \(address)") { try master.has(address) }
            try backup.start(TestConfiguration(priority: 253).text)
            try await eventually("the other one knows its master") { backup.knowsMaster("10.9.0.1") }
            try await body(master, backup)
        }
    }

    private func moved(to host: TestHost, from other: TestHost) async throws {
        try await eventually("\(host.namespace) alone has \(address)") { try host.has(address) && !other.has(address) }
    }

    @Test func whenTheWorkerIsKilledTheSupervisorResignsForIt() async throws {
        try await withPair { master, backup in
            let worker = try #require(master.worker)
            kill(worker, SIGKILL)
            try await eventually("the other one hears priority 0") { backup.log.contains("10.9.0.1 resigned") }
            try await eventually("another worker works") { master.worker.map { $0 != worker } ?? false }
            #expect(master.log.contains("ended by signal 9"))
            // Its priority is the higher one.
            try await moved(to: master, from: backup)
        }
    }

    @Test func whenTheSupervisorIsKilledTheWorkerResigns() async throws {
        try await withPair { master, backup in
            kill(master.supervisor, SIGKILL)
            try await moved(to: backup, from: master)
            #expect(backup.log.contains("10.9.0.1 resigned"))
        }
    }

    @Test(arguments: [SIGSTOP, SIGKILL]) func whenBothAreStoppedOrDeadTheAddressExpires(signal: Int32) async throws {
        try await withPair { master, backup in
            let worker = try #require(master.worker)
            // The supervisor first, or it would act for the worker; the worker is stopped so that it cannot either.
            kill(master.supervisor, SIGSTOP)
            kill(worker, SIGSTOP)
            kill(worker, signal)
            kill(master.supervisor, signal)
            try await moved(to: backup, from: master)
            #expect(!backup.log.contains("resigned"))
        }
    }

    @Test func aWorkerThatHangsIsReplaced() async throws {
        try await withPair { master, _ in
            let worker = try #require(master.worker)
            kill(worker, SIGSTOP)
            try await eventually("another worker works") { master.worker.map { $0 != worker } ?? false }
            #expect(master.log.contains("has not moved"))
        }
    }

    @Test func aReloadKeepsTheAddress() async throws {
        try await withPair { master, _ in
            let before = try ip("-n", master.namespace, "-o", "addr", "show", "to", address)
            try master.write(TestConfiguration(priority: 254, addresses: ["10.9.0.100/24", "10.9.0.101/24"]).text)
            kill(master.supervisor, SIGHUP)
            try await eventually("the second address is there") { try master.has("10.9.0.101") }
            #expect(before.contains(address))
            #expect(!master.log.contains("10.9.0.2 is master"))
            #expect(master.log.ranges(of: "MASTER (priority 254)").count == 1)
            try master.write(TestConfiguration(priority: 254).text)
            kill(master.supervisor, SIGHUP)
            try await eventually("the second address is gone") { try !master.has("10.9.0.101") }
            #expect(try master.has(address))
        }
    }

    @Test func aReloadOfWhatCannotBeReadChangesNothing() async throws {
        try await withPair { master, _ in
            try master.write("vrrp_instance web {\n    no_such_keyword\n")
            kill(master.supervisor, SIGHUP)
            try await eventually("it is said") { master.log.contains("the old configuration stays") }
            #expect(master.log.contains("\(master.configuration.path):2:"))
            #expect(try master.has(address))
        }
    }

    @Test func aSecondDaemonIsRefused() async throws {
        try await withPair { master, _ in
            let pid = master.supervisor
            let second = try master.start()
            try await eventually("it ends") { !second.isRunning }
            #expect(second.terminationStatus == 1)
            #expect(master.log.contains("another haprov-vrrpd is running"))
            #expect(kill(pid, 0) == 0)
        }
    }

    @Test func aConfigurationThatCannotBeRunEndsTheStart() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let process = try network.hosts[0].start("vrrp_instance web {\n    no_such_keyword\n}\n")
            try await eventually("it ends") { !process.isRunning }
            #expect(process.terminationStatus == 1)
            #expect(network.hosts[0].log.contains("no_such_keyword"))
        }
    }
}
