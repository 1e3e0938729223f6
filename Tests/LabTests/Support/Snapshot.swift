import Foundation
import Testing

/// All of a host that a run may change, as lines: what `rollback` has to give back.
struct Snapshot: Equatable {
    var lines: Set<String>

    /// What is not compared: kernel file systems, what is gone after a reboot, logs and caches, package databases
    /// (their content is compared by `rpm -qa` and `dpkg-query`), and haprov's own journal.
    private static let left = [
        "/proc", "/sys", "/dev", "/run", "/tmp", "/var/log", "/var/cache", "/var/lib/rpm", "/var/lib/dnf",
        "/var/lib/yum", "/var/lib/apt/lists", "/var/lib/dpkg", "/var/lib/ucf",
        "/var/lib/systemd", "/var/lib/haprov",
    ]

    static var script: String {
        let pruned = left.map { "-path \($0)" }.joined(separator: " -o ")
        return """
            export LC_ALL=C
            find / -xdev \\( \(pruned) \\) -prune -o -printf 'path %y %m %U:%G %p -> %l\\n' | sed 's/ -> $//'
            find / -xdev \\( \(pruned) \\) -prune -o -type f -print0 | xargs -0 sha256sum | sed 's/^/digest /'
            command -v rpm >/dev/null && rpm -qa | sed 's/^/rpm /'
            # Of what is gone but for its configuration, dpkg keeps the version that was there last.
            command -v dpkg >/dev/null && dpkg-query -W -f 'dpkg ${Package} ${db:Status-Status} ${Version}\\n' |
                sed 's/ config-files .*/ config-files/'
            systemctl list-unit-files --state=enabled --no-legend --no-pager | awk '{ print "enabled", $1 }'
            systemctl list-units --type=service --state=running --plain --no-legend --no-pager |
                awk '{ print "running", $1 }'
            systemctl list-units --state=failed --plain --no-legend --no-pager | awk '{ print "failed", $1 }'
            if systemctl -q is-active firewalld; then
                firewall-cmd --list-all-zones | awk '/^[a-z]/ { z = $1 } { print "firewall", z, $0 }'
                firewall-cmd --permanent --list-all-zones | awk '/^[a-z]/ { z = $1 } { print "permanent", z, $0 }'
            fi
            sysctl net.ipv4.ip_nonlocal_bind | sed 's/^/sysctl /'
            ip -o -4 addr show | awk '{ print "address", $2, $4 }'
            echo end
            """
    }

    init(_ output: [String]) throws {
        guard output.last == "end", output.count > 1000 else {
            throw Trouble("the snapshot is not whole: \(output.suffix(5))")
        }
        lines = Set(output)
    }

    /// What differs, `-` for lines that are gone and `+` for new ones; empty where nothing does.
    func difference(from before: Snapshot) -> [String] {
        let gone = before.lines.subtracting(lines).map { "- " + $0 }
        let new = lines.subtracting(before.lines).map { "+ " + $0 }
        return (gone + new).sorted { $0.dropFirst(2) < $1.dropFirst(2) }
    }
}

/// Snapshots of several hosts, by name.
typealias Snapshots = [String: Snapshot]

extension Snapshots {
    /// What differs on any host, each line with its host.
    func difference(from before: Snapshots) -> [String] {
        keys.sorted().flatMap { host in
            guard let old = before[host], let new = self[host] else { return ["\(host): no snapshot"] }
            return new.difference(from: old).map { "\(host): \($0)" }
        }
    }
}

extension EndToEndLab {
    /// Expects hosts to be as they were; what differs is named.
    func expectUnchanged(since before: Snapshots, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let difference = try snapshots(Array(before.keys)).difference(from: before)
        #expect(difference == [], sourceLocation: sourceLocation)
    }
}
