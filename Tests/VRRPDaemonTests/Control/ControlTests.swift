import Foundation
import Testing
import VRRP

@testable import VRRPDaemon

@Suite(.serialized) struct ControlTests {
    /// Runs the program beside the daemon; its output, its errors and its exit status.
    private func ask(_ host: TestHost, _ arguments: String...) throws -> (output: String, errors: String, status: Int32)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: TestHost.program)
        process.arguments = arguments + ["--socket", host.socket.path]
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let texts = [output, errors].map {
            String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        process.waitUntilExit()
        return (texts[0], texts[1], process.terminationStatus)
    }

    private func json(_ host: TestHost) throws -> [String: Any] {
        let told = try ask(host, "status", "--json")
        return try #require(try JSONSerialization.jsonObject(with: Data(told.output.utf8)) as? [String: Any])
    }

    private func router(_ host: TestHost) throws -> [String: Any] {
        try #require((json(host)["routers"] as? [[String: Any]])?.first)
    }

    @Test func theDaemonTellsOfItselfAndResignsWhenAsked() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            let (master, backup) = (network.hosts[0], network.hosts[1])
            try master.start(TestConfiguration(priority: 254, name: "a\\b").text)
            try backup.start(TestConfiguration(priority: 253, name: "a\\b").text)
            try await eventually("one is master, the other knows") {
                guard FileManager.default.fileExists(atPath: master.socket.path),
                    FileManager.default.fileExists(atPath: backup.socket.path)
                else { return false }
                return try router(master)["state"] as? String == "MASTER"
                    && router(backup)["master"] as? String == "10.9.0.1"
            }
            #expect(try router(master)["name"] as? String == "a\\b")
            #expect(try ask(master, "status").output.contains("a\\b: MASTER, priority 254, for "))
            #expect(try ask(backup, "status").output.contains("BACKUP, priority 253"))
            #expect(try ask(master, "stats").output.contains("became master: 1"))

            let metrics = try ask(master, "metrics").output
            #expect(metrics.contains("# TYPE haprov_vrrp_state gauge\n"))
            #expect(metrics.contains("haprov_vrrp_state{router=\"a\\\\b\",state=\"master\"} 1\n"))
            #expect(metrics.contains("haprov_vrrp_became_master_total{router=\"a\\\\b\"} 1\n"))

            let resigned = try ask(master, "resign", "--for", "3600")
            #expect(resigned.status == 0, "\(resigned)")
            try await eventually("the other one is master") { try router(backup)["state"] as? String == "MASTER" }
            #expect(try router(master)["state"] as? String == "BACKUP")

            #expect(try ask(master, "log-level", "debug").output == "the log level is debug\n")
            let wrong = try ask(master, "resign", "nobody")
            #expect(wrong.status == 1)
            #expect(wrong.errors == "error: there is no router nobody; there is a\\b\n")
        }
    }

    @Test func withoutADaemonItSaysSo() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let told = try ask(network.hosts[0], "status")
            #expect(told.status == 1)
            #expect(told.errors.contains("no daemon answers on \(network.hosts[0].socket.path)"))
        }
    }

    @Test func aSecondDaemonDoesNotTakeTheSocketOver() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let first = try host.start(TestConfiguration(priority: 254).text)
            try await eventually("it is master") { try host.has("10.9.0.100") }
            let second = try host.start(
                TestHost.program,
                [
                    "run", "-f", host.configuration.path, "--socket", host.socket.path, "--pid",
                    network.directory.appendingPathComponent("another.pid").path,
                ])
            try await eventually("the second one ends") { !second.isRunning }
            #expect(second.terminationStatus == 1)
            #expect(host.log.contains("another haprov-vrrpd is running: it listens on \(host.socket.path)"))
            #expect(try json(host)["pid"] as? Int != nil && first.isRunning && host.has("10.9.0.100"))
        }
    }

    @Test func aSocketThatADeadDaemonLeftIsTaken() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let first = try host.start(TestConfiguration(priority: 254).text)
            try await eventually("it answers") { try ask(host, "status").status == 0 }
            let worker = try #require(host.worker)
            kill(first.processIdentifier, SIGSTOP)
            kill(worker, SIGKILL)
            kill(first.processIdentifier, SIGKILL)
            try await eventually("nobody answers") { try !first.isRunning && ask(host, "status").status == 1 }
            #expect(FileManager.default.fileExists(atPath: host.socket.path))
            try host.start()
            try await eventually("the new one answers") { try ask(host, "status").status == 0 }
        }
    }

    @Test func withoutAPlaceForItsFilesTheDaemonDoesItsWork() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let directory = network.directory.appendingPathComponent("run")
            let socket = directory.appendingPathComponent("s").path
            try host.write(TestConfiguration(priority: 254).text)
            try host.start(
                TestHost.program,
                [
                    "run", "-f", host.configuration.path, "--socket", socket, "--pid",
                    directory.appendingPathComponent("pid").path,
                ])
            try await eventually("it is master") { try host.has("10.9.0.100") }
            #expect(host.log.contains("listening on \(socket): No such file or directory: nobody can ask"))
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try await eventually("the socket comes") { FileManager.default.fileExists(atPath: socket) }
        }
    }

    @Test func whoeverConnectsAndSaysNothingKeepsNobodyWaiting() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            try host.start(TestConfiguration(priority: 254).text)
            try await eventually("the socket is there") { FileManager.default.fileExists(atPath: host.socket.path) }
            let silent = (0..<8).map { _ in Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
            defer { for descriptor in silent { close(descriptor) } }
            for descriptor in silent {
                #expect(SocketName.local(host.socket.path).withPointer { connect(descriptor, $0, $1) } == 0)
            }
            #expect(try ask(host, "status").status == 0)
            // They are cut off.
            for descriptor in silent {
                var octet: UInt8 = 0
                #expect(recv(descriptor, &octet, 1, 0) <= 0)
            }
        }
    }

    @Test func notifyScriptsAreCalledInOrderWithWhatTheyHaveToKnow() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let file = network.directory.appendingPathComponent("notified").path
            var configuration = TestConfiguration(priority: 254)
            configuration.more = """
                notify_master "/bin/sh -c 'echo became master >>\(file)'"
                notify_stop "/bin/sh -c 'echo stopped >>\(file)'"
                notify "/bin/sh -c 'echo $0 $1 $2 $3 >>\(file)'"
                """
            try host.start("global_defs {\nscript_user root\n}\n" + configuration.text)
            let text = { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }
            try await eventually("it is master") { text().contains("INSTANCE web MASTER 254") }
            #expect(
                text() == "INSTANCE web BACKUP 254\nbecame master\nINSTANCE web MASTER 254\n")
            kill(host.supervisor, SIGTERM)
            try await eventually("it has stopped") { text().hasSuffix("stopped\nINSTANCE web STOP 254\n") }
        }
    }

    @Test func aSlowNotifyScriptHoldsUpItsOwnRouterAlone() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let file = network.directory.appendingPathComponent("notified").path
            var slow = TestConfiguration(priority: 254)
            slow.more = """
                notify_backup "/bin/sleep 40"
                notify_master "/bin/sh -c 'echo slow >>\(file)'"
                """
            var other = TestConfiguration(
                priority: 254, name: "api", virtualRouterID: 52, addresses: ["10.9.0.101/24"])
            other.more = "notify_master \"/bin/sh -c 'echo other >>\(file)'\""
            try host.start("global_defs {\nscript_user root\n}\n" + slow.text + "\n" + other.text)
            try await eventually("the other one's was called") {
                (try? String(contentsOfFile: file, encoding: .utf8)) == "other\n"
            }
        }
    }

    @Test func noScriptRunsBeforeTheAddressesOfAllRoutersAreThere() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let file = network.directory.appendingPathComponent("notified").path
            let names = (1...30).map { "r\($0)" }
            let routers = names.enumerated().map { number, name in
                var router = TestConfiguration(
                    priority: 254, name: name, virtualRouterID: 1 + number, addresses: ["10.9.1.\(1 + number)/32"])
                router.more = "notify_master \"/bin/sh -c 'echo $(ip -o addr show | grep -c 10.9.1.) >>\(file)'\""
                return router.text
            }
            // In a group all become master at the same moment.
            let group = "vrrp_sync_group all {\ngroup {\n\(names.joined(separator: "\n"))\n}\n}\n"
            try host.start("global_defs {\nscript_user root\n}\n" + routers.joined(separator: "\n") + "\n" + group)
            let counts = { (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n") ?? [] }
            try await eventually("all were called") { counts().count == names.count }
            #expect(Set(counts()) == ["\(names.count)"])
        }
    }

    @Test func systemdIsTold() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let path = network.directory.appendingPathComponent("systemd").path
            let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            defer { close(descriptor) }
            #expect(SocketName.local(path).withPointer { bind(descriptor, $0, $1) } == 0)
            var heard: [String] = []
            func listen() {
                var part = [UInt8](repeating: 0, count: 1024)
                while case let count = recv(descriptor, &part, part.count, 0), count > 0 {
                    heard.append(String(decoding: part.prefix(count), as: UTF8.self))
                }
            }
            try host.write(TestConfiguration(priority: 254).text)
            try host.start(
                "/usr/bin/env",
                [
                    "NOTIFY_SOCKET=\(path)", "WATCHDOG_USEC=200000", TestHost.program, "run", "-f",
                    host.configuration.path, "--socket", host.socket.path, "--pid", path + ".pid",
                ])
            try await eventually("it is ready and feeds the watchdog") {
                listen()
                return heard.contains { $0.hasPrefix("READY=1") } && heard.filter { $0 == "WATCHDOG=1" }.count >= 3
            }
            try await eventually("its state is told") {
                listen()
                return heard.contains("STATUS=web MASTER")
            }
            kill(host.supervisor, SIGHUP)
            try await eventually("a reload is told") {
                listen()
                return heard.firstIndex(of: "RELOADING=1").map { heard[$0...].contains { $0.hasPrefix("READY=1") } }
                    ?? false
            }
            kill(host.supervisor, SIGTERM)
            try await eventually("the end is told") {
                listen()
                return heard.contains("STOPPING=1")
            }
        }
    }
}
