import Digests
import Foundation
import Glibc
import Testing

@testable import Provisioning

/// An ext4 file system on a loop device whose power can be cut: a copy of its backing file, made at any moment, holds what had been
/// flushed by then and nothing else. Needs root.
///
/// It commits nothing by itself, and guesses nothing about files that are renamed over others (ext4(5), `noauto_da_alloc`):
/// what a program does not flush is lost, as on XFS.
final class ForgetfulDisk {
    private let folder: ScratchFolder
    /// Where it is mounted.
    let path: String
    /// What it is mounted from; another one each time.
    private var image: String
    private var cuts: String { folder.path + "/cuts" }

    init() throws {
        folder = try ScratchFolder()
        path = folder.path + "/disk"
        image = folder.path + "/image"
        for name in [path, cuts] {
            try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
        }
        try Self.run("truncate", "-s", "8M", image)
        try Self.run("mkfs.ext4", "-q", "-F", "-b", "1024", image)
        try mount(image)
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Shell functions: `power_cut` keeps what would be left if the power went now, and once more what would be left if somebody
    /// else had flushed a file of his own right before: then all names are on the disk, but not what was written to files.
    /// `sync` keeps to this disk.
    var shell: String {
        """
        power_cut() { keep_image; dd if=/dev/null of='\(path)/other' conv=fsync status=none; keep_image; }
        keep_image() { cp --sparse=always '\(image)' "$(mktemp '\(cuts)/XXXXXXXXXX')"; }
        sync() { command sync -f '\(path)'; }
        """
    }

    /// Puts everything on the disk.
    func flush() throws { try Self.run("sync", "-f", path) }

    /// What the power cuts left, each only once: paths for ``restart(from:)``.
    func moments() throws -> [String] {
        var moments: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: cuts) {
            moments[try SHA256.hex(ofFile: "\(cuts)/\(name)")] = "\(cuts)/\(name)"
        }
        return moments.values.sorted()
    }

    /// As the disk comes back after the power was cut at a moment; each time anew.
    func restart(from moment: String) throws {
        // A child that another test starts at this moment may have something open there until it runs its program.
        try #require(umount2(path, Int32(MNT_DETACH)) == 0, "\(String(cString: strerror(errno)))")
        try FileManager.default.removeItem(atPath: image)
        image = "\(folder.path)/\(UUID().uuidString)"
        try Self.run("cp", "--sparse=always", moment, image)
        try mount(image)
    }

    private func mount(_ image: String) throws {
        try Self.run("mount", "-o", "loop,commit=3600,noauto_da_alloc", image, path)
    }

    private static func run(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(words.joined(separator: " "))")
    }
}
