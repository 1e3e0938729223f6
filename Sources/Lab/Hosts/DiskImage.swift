import Errors
import Foundation
import Processes

/// A host's disk as a file with a file system of its own, so that it can lose what a real one would lose with its power: what
/// was written and not flushed.
struct DiskImage {
    var path: String
    /// Where it is mounted: in the host's own mount namespace, or here while files are put on it.
    var mountPoint: String

    /// Room for a host's packages, sources and compiled trees; the file takes what is used of it.
    private static let size: off_t = 8 << 30

    var exists: Bool { Files.exists(path) }

    func create() async throws(Failure) {
        try Files.makeFolder(mountPoint)
        try Files.write("", to: path, mode: 0o600)
        guard truncate(path, Self.size) == 0 else { throw failure("cannot make", errno) }
        try await Command(["mkfs.ext4", "-q", "-F", path]).succeed(
            step: "disk", remedy: "Make room below \(mountPoint).")
    }

    /// Puts files on the disk while no host runs from it.
    func whileMounted(_ body: () throws(Failure) -> Void) async throws(Failure) {
        try await Command(["mount", "-o", "loop", path, mountPoint]).succeed(
            step: "disk", remedy: "The lab's disks need loop devices: load the kernel's module `loop`.")
        let outcome = Result { () throws(Failure) in try body() }
        try await Command(["umount", mountPoint]).succeed(step: "disk", remedy: "Run this again.")
        try outcome.get()
    }

    /// Waits until the kernel has let go of it: mounted twice, it would be destroyed.
    ///
    /// - Throws: a change failure where it is still in use after 20 seconds.
    func waitUntilFree() async throws(Failure) {
        let deadline = Date(timeIntervalSinceNow: 20)
        while isInUse {
            guard Date() < deadline else {
                throw Failure(
                    .change, step: "disk", summary: "\(path) is still in use by a loop device",
                    remedy: "Look at `losetup -l`, then run this again.")
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private var isInUse: Bool {
        Files.names(in: "/sys/block").contains { device in
            let file = try? Files.read("/sys/block/\(device)/loop/backing_file")
            return file?.trimmingCharacters(in: .newlines) == path
        }
    }

    /// Copies what has reached the disk by now; ``useFlushed()`` makes that the disk.
    func copyFlushed() async throws(Failure) {
        try await Command(["cp", "--sparse=always", path, path + ".flushed"]).succeed(
            step: "disk", remedy: "Make room below \(mountPoint).")
    }

    func useFlushed() throws(Failure) {
        guard rename(path + ".flushed", path) == 0 else { throw failure("cannot replace", errno) }
    }

    private func failure(_ verb: String, _ code: Int32) -> Failure {
        Failure(
            .change, step: "disk", summary: "\(verb) \(path): \(String(cString: strerror(code)))",
            remedy: "Run this again.")
    }
}
