import Glibc
import Prober
import Texts

/// `haprov-prober`: the open-loop prober as a program for a host without anything else of haprov's.
enum ProberCommand {
    static let usage = """
        usage: haprov-prober --target IP:PORT [--kind http|tcp] [--path /] [--host NAME] [--expect 200-399]
                             [--tls NAME] [--ca FILE] [--interval-us 1000] [--timeout-ms 1000]
                             [--max-in-flight 2048] [--max-seconds 600]
        An address of IPv6 stands in brackets. With --tls requests are encrypted, for that name, or for none where it is
        `-`; certificates are judged where --ca names a file of authorities.
        Sends a request at every tick whatever became of the earlier ones. Writes `ready`, a `progress` line every
        100 ms, and a summary at its end: when standard input ends or says `stop`, or after --max-seconds.
        `mark NAME` on standard input begins a new phase of the summary.

               haprov-prober --neighbours IP[,IP…]
        Says which machines on this host's link answer for these addresses by ARP: a line each, then `end`.

               haprov-prober --socket PATH COMMAND
        Gives one line to a program that listens on a Unix socket, such as HAProxy, and writes its answer.
        """

    /// Milliseconds between two progress lines.
    private static let reportInterval: Int32 = 100

    /// Runs to the end; gives the exit status: 0, 1 where probing failed, 64 for wrong usage.
    static func run(_ arguments: [String]) -> Int32 {
        if arguments == ["--help"] || arguments == ["--version"] {
            return put(arguments == ["--help"] ? usage : "haprov-prober 1", on: STDOUT_FILENO) ? 0 : 1
        }
        if arguments.count == 2, arguments[0] == "--neighbours" { return askNeighbours(arguments[1]) }
        if arguments.count == 3, arguments[0] == "--socket" { return tell(arguments[1], arguments[2]) }
        do {
            guard let configuration = try ProbeArguments.configuration(from: arguments) else {
                put(usage, on: STDERR_FILENO)
                return 64
            }
            return follow(try OpenLoopProber(configuration))
        } catch {
            emit(.error(error.message))
            return 1
        }
    }

    private static func askNeighbours(_ list: String) -> Int32 {
        guard let question = NeighbourQuestion(list.split(separator: ",").map { String($0) }) else {
            emit(.error("the first address is not on this host's links, or packets may not be sent"))
            return 1
        }
        for answer in question.ask() { put(answer.text, on: STDOUT_FILENO) }
        return emit(.end) ? 0 : 1
    }

    private static func tell(_ path: String, _ command: String) -> Int32 {
        do {
            return write(try CommandSocket(path).ask(command), to: STDOUT_FILENO) ? 0 : 1
        } catch {
            put("haprov-prober: \(error.message)", on: STDERR_FILENO)
            return 1
        }
    }

    private static func follow(_ prober: OpenLoopProber) -> Int32 {
        var alive = emit(.ready)
        var lines = LineCutter()
        var buffer = [UInt8](repeating: 0, count: 512)
        reading: while alive, prober.summary == nil {
            var entry = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, reportInterval) > 0 {
                let count = read(0, &buffer, buffer.count)
                if count <= 0 { break reading }
                for line in lines.take(buffer[..<count]) {
                    if line == "stop" { break reading }
                    if line.hasPrefix("mark ") { prober.mark(String(line.dropFirst(5))) }
                }
                if lines.pending > buffer.count { lines = LineCutter() }
            }
            alive = emit(.progress(prober.progress))
        }
        let summary = prober.stop()
        for phase in summary.phases { alive = emit(.phase(phase)) && alive }
        alive = emit(.history(summary.history)) && alive
        return emit(.end) && alive ? 0 : 1
    }

    /// Whether somebody still reads.
    @discardableResult private static func emit(_ line: ProbeLine) -> Bool {
        put(line.text, on: STDOUT_FILENO)
    }

    @discardableResult private static func put(_ text: String, on descriptor: Int32) -> Bool {
        write(Array((text + "\n").utf8), to: descriptor)
    }

    private static func write(_ text: [UInt8], to descriptor: Int32) -> Bool {
        var bytes = text[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}
