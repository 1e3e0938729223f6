import Foundation
import Testing

/// The daemon as on Linux 3.10: newer system calls are not there.
@Suite(.serialized) struct OldKernelTests {
    private let address = "10.9.0.100"
    private static let oldKernel = TestHost.built("old-kernel")

    /// Those of Linux 3.14 (314, sched_setattr) and later are taken away, earlier ones are not.
    @Test func whatIsRunSoHasNoNewerSystemCalls() throws {
        // getcpu, of Linux 2.6.19; not every kernel is built with the last ones before.
        #expect(try errno(ofSystemCall: 309) == EFAULT)
        #expect(try errno(ofSystemCall: 314) == ENOSYS)
        #expect(try errno(ofSystemCall: 434) == ENOSYS)
    }

    private func errno(ofSystemCall number: Int) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.oldKernel)
        process.arguments = ["/usr/bin/perl", "-e", "syscall(\(number), -1, -1, -1); exit($! + 0)"]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test func itChecksAConfiguration() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("old-kernel-\(getpid()).conf")
        try Data(TestConfiguration().text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.oldKernel)
        process.arguments = [TestHost.program, "--check", file.path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func itTakesTheAddressReloadsMovesItAndEnds() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            let (first, second) = (network.hosts[0], network.hosts[1])
            let service = try Service(in: network.directory)
            defer { service.stop() }
            try service.start()
            try start(first, configuration(priority: 254, depends: service.name))
            try start(second, configuration(priority: 253))
            try await moved(to: first, from: second)
            for pid in [first.supervisor, try #require(first.worker)] {
                // What is not filtered proves nothing.
                #expect(try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8).contains("Seccomp:\t2"))
            }

            let two = ["10.9.0.100/24", "10.9.0.101/24"]
            try first.write(configuration(priority: 254, depends: service.name, addresses: two))
            kill(first.supervisor, SIGHUP)
            try await eventually("the second address is there") { try first.has("10.9.0.101") }
            #expect(try first.has(address))
            try first.write(configuration(priority: 254, depends: service.name))
            kill(first.supervisor, SIGHUP)
            try await eventually("the second address is gone") { try !first.has("10.9.0.101") }

            service.stop()
            try await moved(to: second, from: first)
            try service.start()
            try await moved(to: first, from: second)

            let worker = try #require(first.worker)
            kill(worker, SIGKILL)
            try await eventually("the other one hears priority 0") { second.log.contains("10.9.0.1 resigned") }
            try await moved(to: first, from: second)

            kill(first.supervisor, SIGTERM)
            try await moved(to: second, from: first)
            kill(second.supervisor, SIGTERM)
            try await eventually("nobody has the address") { try !second.has(address) }
        }
    }

    private func start(_ host: TestHost, _ text: String) throws {
        host.launcher = [Self.oldKernel]
        try host.start(text)
    }

    private func moved(to host: TestHost, from other: TestHost) async throws {
        try await eventually("\(host.namespace) alone has \(address)") { try host.has(address) && !other.has(address) }
    }

    private func configuration(
        priority: Int, depends service: String? = nil, addresses: [String] = ["10.9.0.100/24"]
    ) -> String {
        let check = service.map { "vrrp_script alive {\n    script \"/usr/bin/killall -0 \($0)\"\n    interval 1\n}\n" }
        let instance = TestConfiguration(
            priority: priority, addresses: addresses, more: service == nil ? "" : "track_script {\n alive\n }")
        return (check ?? "") + instance.text
    }

    /// A program of a name of its own, which does nothing.
    private final class Service {
        let name = "serves\(getpid())"
        private let program: URL
        private var process: Process?

        init(in directory: URL) throws {
            program = directory.appendingPathComponent(name)
            try FileManager.default.copyItem(at: URL(fileURLWithPath: "/usr/bin/sleep"), to: program)
        }

        func start() throws {
            let process = Process()
            process.executableURL = program
            process.arguments = ["1000000"]
            try process.run()
            self.process = process
        }

        func stop() {
            if let process { kill(process.processIdentifier, SIGKILL) }
            process?.waitUntilExit()
            process = nil
        }
    }
}
