import Foundation
import PlanningSamples
import SSH
import Testing

@testable import Planning
@testable import Provisioning

@Suite("What runs that did not end well leave behind")
struct LeftoverTests {
    private static func facts(_ left: [(String, String, String)], ended: String? = nil) -> Facts {
        var facts = Facts()
        facts.left = left.map { LeftChange(run: $0.0, function: $0.1, subject: Subject($0.2)) }
        if let ended {
            facts.runs = [
                RunFact(
                    id: ended, cluster: "web", command: "apply", operatorName: "", started: "", result: "ok",
                    finished: "", changes: 1, undone: 0)
            ]
        }
        return facts
    }

    @Test("A service takes up what an interrupted run has changed")
    func unseen() {
        let write = ("R1", "file_write", "template /etc/x")
        #expect(Self.facts([write]).unseen(by: "service x") == ["template /etc/x"])
        #expect(Self.facts([write], ended: "R2").unseen(by: "service x") == [], "a later run has looked after it")
        #expect(Self.facts([write], ended: "R0").unseen(by: "service x") == ["template /etc/x"])
        let reload = ("R1", "service_reload", "service x")
        #expect(Self.facts([write, reload]).unseen(by: "service x") == [])
        #expect(Self.facts([write, reload]).unseen(by: "service y").contains("template /etc/x"))
        #expect(Self.facts([reload, write]).unseen(by: "service x") == ["template /etc/x"])
        #expect(
            Self.facts([write, ("R1", "service_enable", "service x")]).unseen(by: "service x").contains(
                "template /etc/x"))
    }

    @Test("The journal tells of it until the run is closed", arguments: ScratchHost.shells)
    func journal(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/etc/a"
        _ = try await host.perform([Changes.write(path, "a")])
        let left = [LeftChange(run: "R1", function: "file_write", subject: "file \(path)")]
        #expect(try await host.facts([]).left == left)
        _ = try await host.shell("hp_close R1 failed 2026-01-31T09:46:00Z")
        #expect(try await host.facts([]).left == left)
        _ = try await host.undo([1])
        #expect(try await host.facts([]).left == [])
    }

    @Test(
        "Packages that came after a yum that failed or died are not removed", arguments: ScratchHost.shells,
        ["fails", "dies"])
    func packages(shell: String, end: String) async throws {
        let host = try ScratchHost(shell)
        let list = try host.write("1000 old-1-1.x86_64\n", "list")
        let removed = host.root + "/removed"
        let now = Int(Date().timeIntervalSince1970)
        let overrides = """
            yum() { case "$*" in *' remove '*) return 1 ;; esac; echo \(now) ours-1-1.x86_64 >>\(list); echo installing; \(end == "dies" ? "kill -9 $$; sh -c 'kill -9 $PPID'" : "return 1"); }
            ldconfig() { :; }
            user_etc=\(host.root)/etc
            rpm() { case "$*" in '-e --test'*) ;; '-e '*) echo "$2" >>\(removed) ;; *INSTALLTIME*) cat \(list) ;; *) cut -d' ' -f2 \(list) ;; esac; }
            """
        let change = Call(
            "package_install", ["host", "refuse-upgrades", "ours"], resource: "package ours", summary: "install",
            isBarrier: true)
        #expect(try await host.perform([change], overrides: overrides).failure != nil)
        try host.write(
            "1000 old-1-1.x86_64\n\(now) ours-1-1.x86_64\n\(now + 100_000) theirs-1-1.x86_64\n", "list")
        let undo = Step.undo(Undo(run: "R1", number: "0001", resource: "r", summary: "s"))
        #expect(try await host.perform([undo], run: "U", overrides: overrides).failure == nil)
        #expect(host.text(removed) == "ours-1-1.x86_64\n")
    }
}
