import Foundation
import Testing

@testable import Provisioning

@Suite("Why a build failed")
struct BuildLogTests {
    private func log(_ lines: [String]) throws -> BuildLog {
        let scratch = try ScratchFolder()
        let log = try BuildLog(folder: scratch.path, run: "R1", product: "haproxy")
        lines.forEach(log.write)
        return log
    }

    @Test("The first errors, however much other compilers say afterwards")
    func firstErrors() throws {
        let noise = (1...40).map { "  CC      src/file\($0).o" }
        let log = try log(
            ["checking: error: none so far"] + noise + [
                "src/ssl_sock.c: In function ‘ctx_set_TLSv13_func’:",
                "src/ssl_sock.c:2166:5: error: missing binary operator before token \"1\"",
                "make: *** [Makefile:871: src/ssl_sock.o] Error 1",
            ] + noise)
        #expect(
            log.reason(since: 1)
                == "src/ssl_sock.c:2166:5: error: missing binary operator before token \"1\"\n"
                + "make: *** [Makefile:871: src/ssl_sock.o] Error 1")
    }

    @Test("Without a word of errors, its last lines")
    func last() throws {
        let lines = (1...40).map { "line \($0)" }
        #expect(try log(lines).reason(since: 0) == lines.suffix(12).joined(separator: "\n"))
        #expect(try log(lines).reason(since: 40) == "")
    }

    @Test("What linkers and configure say counts too, and no more than twelve lines of it")
    func others() throws {
        let lines = (1...20).map { "x.c:(.text+0x\($0)): undefined reference to `f\($0)'" }
        #expect(try log(lines + ["collect2: error: ld returned 1"]).reason(since: 0).contains("`f12'"))
        #expect(try log(lines).reason(since: 0).split(separator: "\n").count == 12)
        let configure = ["checking for x... no", "configure: error:", "  !!! OpenSSL is not installed. !!!", ""]
        #expect(try log(configure).reason(since: 0) == configure[1...2].joined(separator: "\n"))
    }
}
