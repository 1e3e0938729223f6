import Errors
import Foundation
import Processes

/// Files of this machine, with errors that say which.
enum Files {
    /// Writes a file whole or not at all.
    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(Failure) {
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("write", path) }
            done += count
        }
        guard fchmod(descriptor, mode) == 0, rename(draft, path) == 0 else { throw failure("write", path) }
    }

    static func read(_ path: String) throws(Failure) -> String {
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch { throw failure("read", path) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes a folder and those above it; new ones get this mode.
    static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(Failure) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else { throw failure("make", path) }
        try makeFolder((path as NSString).deletingLastPathComponent)
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure("make", path) }
    }

    /// Removes a file, or a folder with everything in it; nothing there is fine.
    static func remove(_ path: String) async throws(Failure) {
        guard exists(path) else { return }
        try await Command(["rm", "-rf", "--one-file-system", path]).succeed(
            step: "remove \(path)", remedy: "Look whether something is mounted there, then run this again.")
    }

    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        Failure(
            .change, step: "\(verb) \(path)", summary: String(cString: strerror(errno)),
            remedy: "Look at the rights and the free space there.")
    }
}
