import Foundation
import HostShell
import Planning
import Prober
import Provisioning
import SSH
import Testing

@testable import Drills

@Suite("What a kernel takes for whose hardware address")
struct NeighbourTableTests {
    @Test func reads() {
        let table = NeighbourTable(
            """
            IP address       HW type     Flags       HW address            Mask     Device
            172.16.122.100   0x1         0x2         00:0C:29:00:00:01     *        eth0
            172.16.122.103   0x1         0x0         00:00:00:00:00:00     *        eth0
            172.16.122.104   0x1         0x6         00:0c:29:00:00:04     *        eth0
            """)
        #expect(table[address: "172.16.122.100"] == "00:0c:29:00:00:01")
        #expect(table[address: "172.16.122.103"] == nil, "the kernel asks for it, and has no answer")
        #expect(table[address: "172.16.122.104"] == "00:0c:29:00:00:04")
        #expect(NeighbourTable("") == NeighbourTable("x\n\n1 2 3"))
    }
}

/// Real kernels on a bridge of their own: two of them have the same address, as a balancer and a zombie have.
@Suite(.enabled(if: geteuid() == 0, "network namespaces need root"))
struct NeighbourTests {
    /// Gone with the shell and its children.
    private static let link = """
        set -e
        ip link add br0 type bridge
        ip addr add 10.9.0.1/24 dev br0
        ip link set br0 up
        own=$(readlink /proc/self/ns/net)
        for n in 2 3; do
            unshare -n sleep 120 >/dev/null 2>&1 </dev/null &
            other=$!
            others="${others-} $other"
            until [ "$(readlink "/proc/$other/ns/net")" != "$own" ] && grep -q sleep "/proc/$other/comm"; do sleep 0.05; done
            ip link add "v$n" type veth peer name eth0 netns "$other"
            ip link set "v$n" master br0 up
            nsenter -t "$other" -n sh -c "ip link set eth0 address 02:00:00:00:00:0$n up
                ip addr add 10.9.0.$n/24 dev eth0; ip addr add 10.9.0.100/32 dev eth0"
        done
        trap 'kill $others' EXIT
        set +e

        """

    /// Runs a script on the link, as one that has no such address.
    private func run(_ script: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["unshare", "-n", "sh", "-s"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data((Self.link + script + "\n").utf8))
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map { String($0) }
    }

    @Test func everybodyWhoAnswersIsHeard() throws {
        let folder = Bundle.module.bundleURL.deletingLastPathComponent()
        let prober = folder.appendingPathComponent("haprov-prober").path
        let lines = try run("\(Shell.quote(prober)) --neighbours 10.9.0.100,10.9.0.2,10.9.0.3,203.0.113.77")
        #expect(
            lines == [
                "answer 10.9.0.100 02:00:00:00:00:02 owner", "answer 10.9.0.100 02:00:00:00:00:03 owner",
                "answer 10.9.0.2 02:00:00:00:00:02 owner", "answer 10.9.0.3 02:00:00:00:00:03 owner", "end",
            ])
    }

    /// By what every host has, a kernel tells one of them, and knows both by their own addresses.
    @Test func aKernelTellsOne() throws {
        var query = ProbeQuery("probe_answers")
        query.arguments = ["10.9.0.100", "10.9.0.2", "10.9.0.3"]
        let facts = FactsReader.read(Array(try run(Probe.script([query]).text).joined(separator: "\n").utf8))
        #expect(!facts.answers.isEmpty)
        #expect(facts.answers.allSatisfy { $0.address == "10.9.0.100" && $0.hardware.hasPrefix("02:00:00:00:00:0") })
        #expect(
            Set(facts.neighbours.map { "\($0.address) \($0.hardware)" }) == [
                "10.9.0.2 02:00:00:00:00:02", "10.9.0.3 02:00:00:00:00:03",
            ])
    }
}
