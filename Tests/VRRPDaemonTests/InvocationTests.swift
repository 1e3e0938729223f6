import Testing

@testable import VRRPDaemon

@Suite struct InvocationTests {
    @Test func runHasDefaults() throws {
        #expect(try Invocation(["run"]) == .run(RunOptions()))
        let options = RunOptions()
        #expect(options.configuration == "/etc/keepalived/keepalived.conf")
        #expect(options.socket == "/run/haprov-vrrpd.sock")
    }

    @Test func runTakesItsOptionsInAnyOrder() throws {
        var wanted = RunOptions()
        wanted.configuration = "a.conf"
        wanted.pidFile = "pid"
        wanted.socket = "sock"
        wanted.logsToSyslog = true
        wanted.isVerbose = true
        #expect(
            try Invocation(["run", "-v", "--log", "syslog", "--socket", "sock", "-f", "a.conf", "--pid", "pid"])
                == .run(wanted))
    }

    @Test func theOtherWordsAreKnown() throws {
        #expect(try Invocation(["--check", "a.conf"]) == .check(file: "a.conf"))
        #expect(try Invocation(["listen", "--interface", "eth0"]) == .listen(interface: "eth0", seconds: 3))
        #expect(
            try Invocation(["listen", "--seconds", "9", "--interface", "x"]) == .listen(interface: "x", seconds: 9))
        #expect(try Invocation(["--version"]) == .version)
        #expect(try Invocation(["--help"]) == .help)
    }

    @Test(arguments: [
        [], ["start"], ["run", "-f"], ["run", "--log", "file"], ["run", "a.conf"], ["--check"], ["--check", "a", "b"],
        ["--version", "now"],
    ])
    func whatIsNotUnderstoodIsRefused(arguments: [String]) {
        #expect(throws: UsageError.self) { try Invocation(arguments) }
        #expect(VRRPDaemon.main(arguments) == 64)
    }
}
