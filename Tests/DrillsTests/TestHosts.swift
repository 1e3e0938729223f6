import Foundation
import Inventory
import SSH
import Synchronization
import VRRP

@testable import Drills

/// Three balancers as directories, on which the drills' real scripts run. What systemd, the kernel and keepalived would
/// do is done by the programs in Fixtures/bin and by ``moveVIP(to:)``.
final class TestHosts: Sendable {
    static let names = ["haproxy1", "haproxy2", "haproxy3"]

    let root: String
    let cluster: Cluster
    private let bin: String
    private let shell: String

    /// Who has which VIP, by the instance's name.
    private let held: Mutex<[String: Set<String>]>

    /// - Parameters:
    ///   - holders: of the first VIP.
    ///   - others: of further ones, by name.
    init(
        _ cluster: Cluster, holders: [String] = ["haproxy1"], others: [String: String] = [:],
        shell: String = "/bin/dash"
    ) throws {
        held = Mutex(
            others.mapValues { [$0] }.merging([cluster.instances[0].name: Set(holders)], uniquingKeysWith: { $1 }))
        root = NSTemporaryDirectory() + "haprov-drills-\(UUID().uuidString)"
        bin = Bundle.module.resourcePath.map { "\($0)/Fixtures/bin" } ?? ""
        self.shell = shell
        var cluster = cluster
        cluster.haproxy.prefix = "\(root)/haproxy"
        self.cluster = cluster
        let files = FileManager.default
        try files.createDirectory(atPath: "\(root)/haproxy/sbin", withIntermediateDirectories: true)
        try files.copyItem(atPath: "\(bin)/haproxy", toPath: "\(root)/haproxy/sbin/haproxy")
        for name in Self.names {
            for folder in ["state", "units", "proc/4000", "proc/3000"] {
                try files.createDirectory(atPath: "\(root)/\(name)/\(folder)", withIntermediateDirectories: true)
            }
            write(name, "state/haproxy", "active\n")
            write(name, "state/keepalived", "active\n")
            write(name, "state/starts", "start\n")
            write(name, "proc/4000/cgroup", "0::/system.slice/haproxy.service\n")
            write(name, "proc/4000/stat", "4000 (haproxy) S 1\n")
            write(name, "proc/4000/comm", "haproxy\n")
            write(name, "proc/3000/cgroup", "0::/system.slice/keepalived.service\n")
            write(name, "proc/3000/stat", "3000 (keepalived) S 1\n")
            write(name, "proc/3000/comm", "keepalived\n")
            write(name, "addresses", addresses(of: name))
            write(name, "events", "")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func connection(_ host: String) -> LocalShell {
        LocalShell(shell: shell, directory: "\(root)/\(host)", path: bin)
    }

    func write(_ host: String, _ file: String, _ text: String) {
        _ = FileManager.default.createFile(atPath: "\(root)/\(host)/\(file)", contents: Data(text.utf8))
    }

    func read(_ host: String, _ file: String) -> String? {
        FileManager.default.contents(atPath: "\(root)/\(host)/\(file)").map { String(decoding: $0, as: UTF8.self) }
    }

    func remove(_ host: String, _ file: String) {
        try? FileManager.default.removeItem(atPath: "\(root)/\(host)/\(file)")
    }

    /// Files that a drill would leave, other than its scratch.
    func remains(_ host: String) -> [String] {
        let files = FileManager.default
        return ["run", "units"].flatMap { folder in
            (files.enumerator(atPath: "\(root)/\(host)/\(folder)")?.compactMap { $0 as? String } ?? [])
                .map { "\(folder)/\($0)" }
        }
    }

    /// What keepalived would do: the address leaves one host and comes to another.
    ///
    /// - Parameter instance: which; the first where nil.
    func moveVIP(_ instance: VRRPInstance? = nil, to holder: String?) {
        let instance = instance ?? cluster.instances[0]
        let vip = instance.representative
        let before = held.withLock { held in
            defer { held[instance.name] = holder.map { [$0] } ?? [] }
            return held[instance.name] ?? []
        }
        for name in before.sorted() where name != holder {
            write(name, "addresses", addresses(of: name))
            append(name, "Deleted 2: ens33    \(Self.words(vip)) scope global ens33\\       valid_lft forever\n")
        }
        guard let holder else { return }
        write(holder, "addresses", addresses(of: holder))
        append(holder, "2: ens33    \(Self.words(vip)) scope global ens33\\       valid_lft forever\n")
    }

    /// Who has a VIP now.
    func holder(of instance: VRRPInstance) -> String? { held.withLock { $0[instance.name]?.first } }

    private static func words(_ vip: IPAddress) -> String {
        vip.family == .ipv4 ? "inet \(vip)/32" : "inet6 \(vip)/64"
    }

    private func append(_ host: String, _ line: String) {
        guard let file = FileHandle(forWritingAtPath: "\(root)/\(host)/events") else { return }
        _ = try? file.seekToEnd()
        try? file.write(contentsOf: Data(line.utf8))
        try? file.close()
    }

    private func addresses(of host: String) -> String {
        let own = "1: lo    inet 127.0.0.8/8 scope host lo\\       valid_lft forever preferred_lft forever\n"
        let vips = cluster.instances.filter { instance in
            held.withLock { $0[instance.name]?.contains(host) == true }
        }
        return own + vips.map { "2: ens33    \(Self.words($0.representative)) scope global ens33\\       x\n" }.joined()
    }
}
