import Foundation
import Glibc
import HostShell
import Planning
import PlanningSamples
import SSH
import Testing

@testable import Provisioning

@Suite("A host without room", .enabled(if: getuid() == 0, "only root can mount a small disk"))
struct FullDiskTests {
    private static let noRoom = "No space left on device"

    private func lock(_ host: ScratchHost, _ run: String = "R1") async throws -> (told: String, errors: String) {
        let result = try await host.shell(Shell.join(["hp_lock", run, "ann", "me", ""]) + "\nhp_say end")
        return (
            String(decoding: result.standardOutput, as: UTF8.self),
            String(decoding: result.standardError, as: UTF8.self)
        )
    }

    @Test("The lock is not taken, in the system's own words, and nobody is held off", arguments: ScratchHost.shells)
    func lock(shell: String) async throws {
        let host = try ScratchHost(shell)
        let disk = try SmallDisk(under: host, "size=16k,mode=700")
        try disk.fill()
        let (told, _) = try await lock(host)
        #expect(told.hasPrefix("@die\tcannot write to \(host.home)/lock") && told.hasSuffix(": \(Self.noRoom)\n"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: host.home) == ["filler"])
        try disk.clear()
        #expect(try await lock(host, "R2").told == "@end\n")
    }

    @Test("No inodes are no room either", arguments: ScratchHost.shells)
    func inodes(shell: String) async throws {
        let host = try ScratchHost(shell)
        let disk = try SmallDisk(under: host, "size=1m,nr_inodes=20,mode=700")
        try disk.useUpInodes()
        let (told, errors) = try await lock(host)
        #expect(told.hasPrefix("@die\tcannot write to \(host.home)") && told.hasSuffix(": \(Self.noRoom)\n"), "\(told)")
        #expect(errors == "")
    }

    @Test("A change says why, and the file is as it was", arguments: ScratchHost.shells)
    func change(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old", "etc/a")
        let disk = try SmallDisk(under: host, "size=16k,mode=700")
        try host.makeLock(of: "R1")
        try disk.fill()
        let outcome = try await host.perform([Changes.write(path, "new")])
        #expect(outcome.failure?.summary.hasSuffix(": \(Self.noRoom)") == true, "\(outcome.failure?.summary ?? "")")
        #expect(host.text(path) == "old")
    }

    @Test("Content for which there is no room has not arrived incomplete", arguments: ScratchHost.shells)
    func content(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old", "etc/a")
        let disk = try SmallDisk(under: host, "size=64k,mode=700")
        let outcome = try await host.perform([Changes.write(path, String(repeating: "x", count: 100_000))])
        #expect(
            outcome.failure?.summary == "cannot write to \(host.home)/runs/R1/0001/new: \(Self.noRoom)",
            "\(outcome.failure?.summary ?? "")")
        #expect(host.text(path) == "old")
        withExtendedLifetime(disk) {}
    }

    @Test("A before-image for which there is no room is named", arguments: ScratchHost.shells)
    func image(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write(String(repeating: "x", count: 100_000), "etc/a")
        let disk = try SmallDisk(under: host, "size=64k,mode=700")
        let outcome = try await host.perform([Changes.write(path, "new")])
        #expect(outcome.failure?.summary.hasSuffix(Self.noRoom) == true, "\(outcome.failure?.summary ?? "")")
        #expect(host.text(path)?.count == 100_000)
        withExtendedLifetime(disk) {}
    }

    @Test("What starts a unit at boot is kept whole or not at all", arguments: ScratchHost.shells)
    func boot(shell: String) async throws {
        let host = try ScratchHost(shell)
        let wants = host.root + "/etc/systemd/system/multi-user.target.wants"
        try FileManager.default.createDirectory(atPath: wants, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: wants + "/x.service", withDestinationPath: "../x.service")
        let disk = try SmallDisk(under: host, "size=256k,mode=700")
        // Somebody else fills the disk just when the links are looked for: for a moment, or for good.
        func disable(_ run: String, afterwards: String) async throws -> ScratchHost.Outcome {
            try await host.perform(
                [Call("service_disable", ["x.service"], resource: "service x", summary: "boot")], run: run,
                overrides: """
                    service_etc='\(host.root)/etc'
                    systemctl() { [ "$1" != disable ] || rm '\(wants)/x.service'; }
                    find() {
                        cat /dev/zero >"$hp_home/filler" 2>/dev/null || :
                        command find "$@" && found=0 || found=1
                        \(afterwards)
                        return $found
                    }
                    """)
        }
        let refused = try await disable("R1", afterwards: ":")
        #expect(refused.failure?.summary.hasSuffix(": \(Self.noRoom)") == true, "\(refused.output)")
        #expect(host.exists(wants + "/x.service"))
        try disk.clear()
        let done = try await disable("R2", afterwards: "rm \"$hp_home/filler\"")
        #expect(done.failure == nil, "\(done.output)")
        #expect(host.journal("before/own", of: 1, run: "R2") == wants + "/x.service")
        withExtendedLifetime(disk) {}
    }

    @Test("An undo that cannot be noted down is not forgotten", arguments: ScratchHost.shells)
    func undo(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old", "etc/a")
        let disk = try SmallDisk(under: host, "size=128k,mode=700")
        #expect(try await host.perform([Changes.write(path, "new")]).failure == nil)
        // One more line has no room in the page that the file has.
        let state = "\(host.home)/runs/R1/0001/state"
        let whole = (host.text(state) ?? "") + String(repeating: "\n", count: 4096)
        try Data(whole.utf8.prefix(4096)).write(to: URL(fileURLWithPath: state))
        try disk.fill()
        let refused = try await host.shell("hp_undo R1 0001").standardOutput
        #expect(String(decoding: refused, as: UTF8.self) == "@die\tcannot write to \(state): \(Self.noRoom)\n")
        #expect(host.state(of: 1) == "done" && host.text(path) == "new")
        try disk.clear()
        #expect(try await host.undo([1]).failure == nil)
        #expect(host.text(path) == "old" && host.state(of: 1) == "undone")
    }

    @Test("A tarball for which there is no room did not arrive incomplete", arguments: ScratchHost.shells)
    func tarball(shell: String) async throws {
        let host = try ScratchHost(shell)
        let disk = try SmallDisk(under: host, "size=64k,mode=700")
        let result = try await host.connection.run(
            RemoteScript(
                ShellLibrary.host.script(calls: [["build_unpack", "B", "100000"]]),
                payload: [.bytes([UInt8](repeating: 1, count: 100_000))]),
            deadline: Deadline(idle: 60, total: 60), output: { _ in })
        #expect(
            String(decoding: result.standardOutput, as: UTF8.self)
                == "@die\tcannot write to \(host.home)/build/B/tarball: \(Self.noRoom)\n")
        withExtendedLifetime(disk) {}
    }
}
