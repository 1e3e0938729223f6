import Foundation
import Processes
import Testing

/// `Tools/run-tests` with a runner of a few lines in a folder of its own: however its parts end, nothing of theirs stays.
@Suite(.enabled(if: getuid() == 0, "only root can make network namespaces")) struct RunTestsTests {
    /// How the runner ends once it has left a process, a namespace and a file, and what run-tests then ends with.
    @Test(arguments: [("echo all is well", 0), ("echo one was wrong; exit 1", 1), ("kill -SEGV $$", 1)])
    func nothingIsLeft(ending: String, status: Int32) async throws {
        try await Checkout.with(runner: ending) { checkout in
            let outcome = try await checkout.runTests()
            #expect(outcome.status == status, "\(outcome.output)")
            #expect(outcome.output.contains("unit: \(status == 0 ? "passed" : "FAILED") after"), "\(outcome.output)")
            #expect(outcome.output.contains("--- the log of unit") == (status != 0))
            #expect(try await checkout.left() == "")
        }
    }

    @Test func theNextRunClearsUpAfterOneThatWasKilled() async throws {
        let runner = "[ -e second ] || { : >second; kill -9 $(ps -o ppid= -p $PPID); }"
        try await Checkout.with(runner: runner) { checkout in
            #expect(try await checkout.runTests().status == 128 + SIGKILL)
            let left = try await checkout.left()
            #expect(left.contains("/environ") && left.contains("/run/netns/vt") && left.contains("/tmp/haprov-tests-"))
            #expect(try await checkout.runTests().status == 0)
            #expect(try await checkout.left() == "")
        }
    }

    /// What run-tests takes for a checkout that was built.
    private struct Checkout {
        private let folder = NSTemporaryDirectory() + "haprov-run-tests-\(UUID().uuidString)"

        /// - Parameter runner: shell, for after it has left something behind.
        static func with(runner: String, _ body: (Checkout) async throws -> Void) async throws {
            let checkout = Checkout()
            do {
                try await checkout.make(runner: runner)
                try await body(checkout)
            } catch {
                await checkout.remove()
                throw error
            }
            await checkout.remove()
        }

        private func make(runner: String) async throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // By another process: what was open for writing in a fork cannot be run.
            let made = try await shell(
                """
                mkdir -p .build/debug
                cat >.build/debug/haprovPackageTests.xctest <<'END'
                #!/bin/sh
                sleep 1000 &
                ip netns add vt$$-1
                echo $$ >>runners
                echo kept >"$TMPDIR/file"
                \(runner)
                END
                printf '#!/bin/sh\\n' >.build/debug/haprov
                chmod +x .build/debug/*
                """)
            #expect(made.status == 0, "\(made.errors)")
        }

        private func remove() async {
            _ = try? await shell(": >second; printf '#!/bin/sh\\n' >.build/debug/haprovPackageTests.xctest")
            _ = try? await runTests()
            try? FileManager.default.removeItem(atPath: folder)
        }

        func runTests() async throws -> Command.Result {
            try await shell("exec '\(Repository.root.path)/Tools/run-tests' unit 2>&1")
        }

        /// Processes, namespaces and files.
        func left() async throws -> String {
            try await shell(
                #"""
                mark=$(printf %s "$PWD" | cksum | cut -d ' ' -f 1)
                grep -lszxF "HAPROV_TEST_MARK=$mark" /proc/[0-9]*/environ
                while read -r runner; do ls -d "/run/netns/vt$runner-1"; done <runners
                ls -d "/tmp/haprov-tests-$mark"
                """#
            ).output
        }

        private func shell(_ text: String) async throws -> Command.Result {
            try await Command(["sh", "-c", "cd '\(folder)' || exit\n\(text)"]).run()
        }
    }
}
