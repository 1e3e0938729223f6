import Foundation
import Glibc
import Testing

@testable import Provisioning

/// A disk of its own for a host's journal, so small that it can be filled. Needs root.
final class SmallDisk {
    private let path: String

    /// - Parameter options: of tmpfs(5), such as `size=64k`.
    init(under host: ScratchHost, _ options: String) throws {
        path = host.home
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try #require(mount("tmpfs", path, "tmpfs", 0, options) == 0, "\(String(cString: strerror(errno)))")
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Leaves no room for a single byte.
    func fill() throws {
        let file = open("\(path)/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        let page = [UInt8](repeating: 0, count: 4096)
        while write(file, page, page.count) > 0 {}
        #expect(errno == ENOSPC)
    }

    /// Leaves no room for a single file.
    func useUpInodes() throws {
        for number in 0..<100_000 {
            let file = open("\(path)/filler\(number)", O_WRONLY | O_CREAT, 0o600)
            if file < 0 { return #expect(errno == ENOSPC) }
            close(file)
        }
    }

    /// Gives the room back.
    func clear() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasPrefix("filler") {
            try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }
}
