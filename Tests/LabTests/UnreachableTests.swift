import Foundation
import Testing

extension EndToEndTests {
    /// Hosts that do not let haprov in: each in its own way, named as such, within its deadline, with exit code 4.
    @Suite(.serialized) struct UnreachableTests {
        private let lab = EndToEndLab.main

        /// Runs plan and status, neither of which may do more than name the host.
        private func see(_ inventory: String? = nil, says words: [String]) throws {
            let told = try lab.haprov("plan", inventory: inventory)
            #expect(told.status == 4, "\(told)")
            #expect(told.summary["ok"].flag == false)
            #expect(told.failures.count == 1, "\(told)")
            let failure = try #require(told.failures.first)
            #expect(failure.hasPrefix("unreachable | haproxy2 | "))
            for word in words { #expect(failure.contains(word), "\(failure)") }
            // The others were reached, and are told of.
            #expect(Set(told.all("connected").compactMap { $0["host"].text }) == ["haproxy1", "haproxy3"])
            let status = try lab.haprov("status", inventory: inventory)
            #expect(status.status == 4, "\(status)")
            let errors = status.all("host").filter { $0["error"] != .null }
            #expect(errors.map { $0["host"].text } == ["haproxy2"])
            #expect(status.summary["holders"] == .list([.text("haproxy1")]))
        }

        private func knownHosts(_ name: String, _ change: (String) -> String?) throws -> String {
            let original = try String(contentsOfFile: path("known_hosts"), encoding: .utf8)
            let lines = original.split(separator: "\n").compactMap { change(String($0)) }
            let file = "\(lab.folder)/\(name)"
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
            return try lab.inventory(
                name + ".inventory", ("known_hosts: \(path("known_hosts"))", "known_hosts: \(file)"))
        }

        /// A file of the lab, beside its inventory.
        private func path(_ name: String) -> String {
            URL(fileURLWithPath: lab.inventory).deletingLastPathComponent().appendingPathComponent(name).path
        }

        /// The inventory with more for haproxy2.
        private func haproxy2(_ name: String, _ settings: String) throws -> String {
            let host = "address: 172.16.122.102, role: balancer"
            return try lab.inventory(name, (host, "\(host), ssh: { \(settings) }"))
        }

        @Test func aChangedHostKey() throws {
            try lab.converged()
            let text = try String(contentsOfFile: path("known_hosts"), encoding: .utf8)
            let others = text.split(separator: "\n").filter { $0.contains("172.16.122.103") }.map(String.init)
            let inventory = try knownHosts("changed") { line in
                guard line.contains("172.16.122.102"), let kind = line.split(separator: " ").dropFirst().first else {
                    return line
                }
                return others.first { $0.contains(kind) }?.replacingOccurrences(
                    of: "172.16.122.103,haproxy3", with: "172.16.122.102,haproxy2")
            }
            try see(inventory, says: ["changed", "SHA256:", "ssh-keygen -R"])
        }

        @Test func anUnknownHostKey() throws {
            try lab.converged()
            let inventory = try knownHosts("unknown") { $0.contains("172.16.122.102") ? nil : $0 }
            try see(inventory, says: ["SHA256:", "ssh-keyscan"])
        }

        @Test func aWrongKey() throws {
            try lab.converged()
            let key = "\(lab.folder)/stranger"
            try? FileManager.default.removeItem(atPath: key)
            #expect(try Program.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]).status == 0)
            try see(
                try haproxy2("stranger-inventory", "identity: \(key)"),
                says: ["authentication", "authorized_keys"])
        }

        @Test func aPortWithNobodyBehindIt() throws {
            try lab.converged()
            try lab.ask("haproxy2", "firewall-cmd --add-port=2299/tcp")
            defer { _ = try? lab.on("haproxy2", "firewall-cmd --remove-port=2299/tcp") }
            try see(
                try haproxy2("nobody", "port: 2299"),
                says: ["connecting", "nobody listens on port 2299: connection refused"])
        }

        @Test func aPortThatAFirewallDrops() throws {
            try lab.converged()
            let rule =
                "nft 'add table ip t; add chain ip t c { type filter hook input priority -300; }; add rule ip t c tcp dport 2299 drop'"
            try lab.ask("haproxy2", rule)
            defer { _ = try? lab.on("haproxy2", "nft delete table ip t") }
            try see(
                try haproxy2("dropped", "port: 2299"), says: ["no answer to the TCP connection within 10 s"])
        }

        @Test func aPortThatAcceptsAndStaysSilent() throws {
            try lab.converged()
            let listen =
                "import socket,time; s=socket.create_server((\"\",2298)); k=[]\nwhile True: k.append(s.accept())"
            try lab.ask(
                "haproxy2",
                "firewall-cmd --add-port=2298/tcp; systemd-run --quiet --unit=silent python3 -c '\(listen)'")
            defer { _ = try? lab.on("haproxy2", "systemctl stop silent; firewall-cmd --remove-port=2298/tcp") }
            try lab.wait("somebody to listen") { try lab.on("haproxy2", "ss -ltn | grep -q ':2298 '").status == 0 }
            try see(
                try haproxy2("silent", "port: 2298"),
                says: ["accepted the connection, but no SSH banner came within 10 s"])
        }

        @Test func aCutCable() throws {
            try lab.converged()
            try lab.lab("cut", "haproxy2")
            defer {
                _ = try? lab.lab("join", "haproxy2")
                _ = try? lab.settled()
            }
            try see(says: ["connecting", "no answer"])
            let told = try lab.haprov("apply", "--yes")
            #expect(told.status == 4)
            #expect(told.summary["run"] == .null, "nothing may be begun where a host is missing")
        }
    }
}
