import Testing

@testable import Provisioning

/// What a host's journal says, from journalctl's export format.
@Suite struct LogReaderTests {
    private static let output = """
        @clock\t1700000010.250000000
        __REALTIME_TIMESTAMP=1700000001000500
        SYSLOG_IDENTIFIER=Keepalived_vrrp
        _PID=812
        MESSAGE=(VI_1) Entering MASTER STATE = now

        __REALTIME_TIMESTAMP=1700000002000000
        SYSLOG_IDENTIFIER=systemd

        MESSAGE=without a time

        __REALTIME_TIMESTAMP=1700000003000000
        MESSAGE=a\u{1B}[31mb
        SYSLOG_PID=7
        _PID=8
        SYSLOG_IDENTIFIER=haproxy

        __REALTIME_TIMESTAMP=1700000004000000
        """

    @Test(arguments: [1, 7, 10_000])
    func entriesAreReadHoweverTheyArrive(_ size: Int) {
        var reader = LogReader()
        let bytes = Array(Self.output.utf8)
        let entries = stride(from: 0, to: bytes.count, by: size).flatMap {
            reader.take(Array(bytes[$0..<min($0 + size, bytes.count)]))
        }
        #expect(reader.clock == 1_700_000_010_250_000)
        #expect(
            entries == [
                LogEntry(
                    time: 1_700_000_001_000_500, source: "Keepalived_vrrp[812]",
                    text: "(VI_1) Entering MASTER STATE = now"),
                LogEntry(time: 1_700_000_002_000_000, source: "systemd", text: "(several lines; see journalctl)"),
                LogEntry(time: 1_700_000_003_000_000, source: "haproxy[7]", text: "a [31mb"),
            ])
        #expect(reader.complaint == nil)
    }

    @Test func aHostWithoutAJournalSaysSo() {
        var reader = LogReader()
        #expect(reader.take(Array("@die\tthere is no journalctl here\n".utf8)) == [])
        #expect(reader.complaint == "there is no journalctl here")
    }
}
