import Foundation
import Glibc
import Testing

/// What passes one host's port of the switch, as tshark, which has never seen our code, reads it.
final class Recording {
    private let process: pid_t
    private let file: String

    /// Begins once it really records.
    init(_ host: Host, on segment: Segment) throws {
        file = "\(segment.folder)/\(host.port).pcap"
        let log = "\(file).log"
        process = try Programs.start(
            [
                "ip", "netns", "exec", segment.wire, "tcpdump", "-i", host.port, "-U", "--immediate-mode", "-w", file,
                "ip proto 112 or ip6 proto 112 or arp or icmp6",
            ], log: log)
        let isListening = eventually {
            (try? String(contentsOfFile: log, encoding: .utf8))?.contains("listening") == true
        }
        try #require(isListening)
    }

    /// Ends it.
    func stop() {
        kill(process, SIGTERM)
        Programs.wait(for: process)
    }

    /// An advertisement on the wire.
    struct Line {
        var source: String
        var priority: Int
        /// TTL or hop limit.
        var hopLimit: Int
        var checksumIsGood: Bool
        /// What tshark finds wrong with it.
        var complaints: String
    }

    /// All advertisements so far.
    func advertisements() throws -> [Line] {
        let fields = [
            "ip.src", "ipv6.src", "vrrp.prio", "ip.ttl", "ipv6.hlim", "vrrp.checksum.status", "_ws.expert.message",
        ]
        // Of a file that is still being written the last packet may be cut short, for which tshark does not end with 0.
        let output = try Programs.result(
            of: ["tshark", "-r", file, "-o", "ip.check_checksum:TRUE", "-Y", "vrrp", "-T", "fields"]
                + fields.flatMap { ["-e", $0] }
        ).output
        return output.split(separator: "\n").compactMap { line in
            let words = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
            guard words.count == fields.count, let priority = Int(words[2]) else { return nil }
            return Line(
                source: words[0] + words[1], priority: priority, hopLimit: Int(words[3] + words[4]) ?? 0,
                checksumIsGood: words[5] == "1", complaints: words[6])
        }
    }
}
