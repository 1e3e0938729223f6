import Foundation
import Processes
import Synchronization
import Testing

@testable import haprov

/// The program itself, asked to end while it waits for hosts that do not answer.
@Suite(.enabled(if: getuid() == 0, "only root can make network namespaces")) struct EndingTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func saysHowFarItCame(signal: Int32) async throws {
        let waiting = try await Waiting(for: signal)
        #expect(await waiting.program.wait().status == 130)
        #expect(waiting.said.contains(#""summary""#) && waiting.said.contains(#""exit":130"#), "\(waiting.said)")
    }

    @Test func outlivesItsTerminalWhereItWasToldTo() async throws {
        let waiting = try await Waiting(for: SIGHUP, before: "trap '' HUP; ")
        #expect(await waiting.program.wait().status == 4)
        #expect(waiting.said.contains(#""exit":4"#), "\(waiting.said)")
    }

    @Test func aClosedTerminalIsNoSecondCtrlC() {
        let interrupt = Interrupt()
        let console = Console(json: true, verbose: false, noColour: true)
        let cancelled = Mutex(0)
        interrupt.setCancel { cancelled.withLock { $0 += 1 } }
        interrupt.setCritical(true)
        interrupt.press(console, signal: SIGHUP)
        interrupt.press(console, signal: SIGHUP)
        #expect(interrupt.isPressed && cancelled.withLock { $0 } == 0)
        interrupt.press(console, signal: SIGINT)
        #expect(cancelled.withLock { $0 } == 1)
    }

    /// haprov at work in a network namespace of its own, where packets to the hosts are lost.
    private final class Waiting {
        let program: RunningCommand
        private let folder: String

        /// - Parameters:
        ///   - signal: sent once it is at work, by a shell: tests may share their threads with others that hold them up.
        ///   - before: shell that is run first.
        init(for signal: Int32, before: String = "") async throws {
            folder = NSTemporaryDirectory() + "haprov-ending-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let inventory = """
                cluster: web
                ssh: { user: root, known_hosts: /nowhere }
                vip: { address: 172.16.122.100/24, interface: ens33, virtual_router_id: 51 }
                haproxy:
                  version: 1.8.25
                  frontends: { web: { bind: "*:80", backend: app } }
                  backends: { app: { servers: application, port: 10900 } }
                keepalived: { version: 1.4.5 }
                hosts:
                  haproxy1: { address: 172.16.122.101, role: balancer, priority: 101 }
                  haproxy2: { address: 172.16.122.102, role: balancer, priority: 100 }
                  app1: { address: 172.16.122.104, role: application }
                """
            try Data(inventory.utf8).write(to: URL(fileURLWithPath: folder + "/i.yml"))
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let haprov = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("haprov").path
            // Nobody answers at the other end, and nobody is asked for its address.
            let network =
                "ip link add nic type veth peer name end && ip link set end up && ip link set nic arp off up && "
                + "ip addr add 172.16.122.1/24 dev nic && "
            let killer =
                "( for _ in $(seq 600); do ! grep -q '\"Connect\"' '\(folder)/log' || { kill -\(signal) $$; exit; }; sleep 0.1; "
                + #"done ) & exec "$@""#
            program = try await Command(
                [
                    "unshare", "--net", "env", "--default-signal=HUP", "sh", "-c", before + network + killer, "sh",
                    haprov,
                    "history", "--json", folder + "/i.yml",
                ], log: folder + "/log"
            ).start()
        }

        deinit {
            program.kill()
            try? FileManager.default.removeItem(atPath: folder)
        }

        /// What it has said so far.
        var said: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }
    }
}
