import CLinux
import VRRP

/// `haprov-vrrpd`: VRRP for one host, configured by keepalived.conf.
package enum VRRPDaemon {
    static let version = "1.0"

    /// Runs to the end; gives the exit status.
    package static func main(_ arguments: [String]) -> Int32 {
        do throws(UsageError) {
            switch try Invocation(arguments) {
            case .run(let options): return run(options)
            case .check(let file): return check(file)
            case .question(let words):
                let status = CheckTool.run(words)
                if status == 64 { complain("haprov-vrrpd: check wants `http URL`, with an address, or `stats SOCKET`") }
                return status
            case .listen(let interface, let seconds):
                return telling { () throws(SystemError) in try Listener.run(interface: interface, seconds: seconds) }
            case .trialSend(let options): return telling { () throws(SystemError) in try Trial.send(options) }
            case .trialHear(let options): return telling { () throws(SystemError) in try Trial.hear(options) }
            case .control(let question, let socket): return ControlClient.ask(question, socket: socket)
            case .version: print("haprov-vrrpd \(version)")
            case .help: print(usage)
            }
            return 0
        } catch {
            complain("haprov-vrrpd: \(error.message)\n\(usage)")
            return 64
        }
    }

    private static func check(_ file: String) -> Int32 {
        do throws(SystemError) {
            let result = try ConfigurationFile.read(file)
            for diagnostic in result.diagnostics { print(diagnostic) }
            return result.isUsable ? 0 : 1
        } catch {
            complain("haprov-vrrpd: \(error)")
            return 1
        }
    }

    /// Does work that gives an exit status, and says by what it failed.
    private static func telling(_ work: () throws(SystemError) -> Int32) -> Int32 {
        do throws(SystemError) {
            return try work()
        } catch {
            complain("haprov-vrrpd: \(error)")
            return 1
        }
    }

    private static func run(_ options: RunOptions) -> Int32 {
        // Whoever reads the log may end before this does.
        linux_ignore_signal(SIGPIPE)
        let log = Log(
            level: options.isVerbose ? .debug : .info,
            sink: options.logsToSyslog ? LogSink.syslog() : LogSink.standardError())
        do throws(SystemError) {
            let file = try pidFile(options.pidFile, log)
            guard !ControlServer.isTaken(options.socket) else {
                log(.error, "another haprov-vrrpd is running: it listens on \(options.socket)")
                remove(file)
                return 1
            }
            let status = try Supervisor(log: log) { will in Worker.run(options, will: will, log: log) }.run()
            remove(file)
            return status
        } catch {
            log(
                .error,
                error.number == EWOULDBLOCK ? "another haprov-vrrpd is running (\(options.pidFile))" : "\(error)")
            return 1
        }
    }

    /// Nil where it cannot be written, which is no reason to leave the addresses to nobody.
    private static func pidFile(_ path: String, _ log: Log) throws(SystemError) -> PIDFile? {
        do throws(SystemError) { return try PIDFile(path) } catch {
            if error.number == EWOULDBLOCK { throw error }
            log(.warning, "\(error): it goes on without")
            return nil
        }
    }

    private static func remove(_ file: consuming PIDFile?) {
        switch consume file {
        case let file?: file.remove()
        case nil: break
        }
    }

    private static func complain(_ text: String) {
        let line = Array((text + "\n").utf8)
        write(2, line, line.count)
    }

    private static let usage = """
        Usage: haprov-vrrpd run [-f FILE] [--pid FILE] [--socket PATH] [--log stderr|syslog] [-v]
               haprov-vrrpd status [--json] | stats | metrics
               haprov-vrrpd resign [ROUTER] [--for SECONDS]
               haprov-vrrpd log-level error|warning|notice|info|debug
               haprov-vrrpd check http URL | check stats SOCKET
               haprov-vrrpd listen --interface NIC [--seconds N]
               haprov-vrrpd trial send|hear --interface NIC --virtual-router-id N --source ADDRESS [--to ADDRESS,…] [--seconds N]
               haprov-vrrpd --check FILE
               haprov-vrrpd --version
        """
}
