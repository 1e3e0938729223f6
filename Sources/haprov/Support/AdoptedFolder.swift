import Errors
import Foundation
import Planning

/// Where an inventory of what was found is written: never over what is there.
enum AdoptedFolder {
    /// - Throws: where the inventory, or the folder beside it, is there.
    static func refuseOther(at inventory: String) throws(Failure) {
        let folder = folder(beside: inventory).appendingPathComponent(Adoption.folder).path
        for path in [inventory, folder] where access(path, F_OK) == 0 {
            throw Failure(
                .input, step: "adopt", summary: "\(path) is there already",
                remedy:
                    "Move it away, or name an inventory in another folder: `haprov adopt --to FOLDER/inventory.yml …`.")
        }
    }

    static func write(_ inventory: String, _ files: [Adoption.File], to path: String) throws(Failure) {
        let beside = folder(beside: path)
        try directory(beside.appendingPathComponent(Adoption.folder).path)
        for file in files {
            let whole = beside.appendingPathComponent(file.path)
            try directory(whole.deletingLastPathComponent().path)
            try write(file.content, to: whole.path, mode: 0o600)
        }
        // It comes last: what it names is there.
        try write(Array(inventory.utf8), to: path, mode: 0o644)
    }

    private static func folder(beside path: String) -> URL {
        URL(fileURLWithPath: path).deletingLastPathComponent()
    }

    private static func directory(_ path: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw failure(path, "\(error.localizedDescription)") }
    }

    private static func write(_ content: [UInt8], to path: String, mode: mode_t) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
        do {
            try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(content))
        } catch { throw failure(path, "\(error.localizedDescription)") }
    }

    private static func failure(_ path: String, _ reason: String) -> Failure {
        Failure(
            .input, step: "adopt", summary: "cannot write \(path): \(reason)",
            remedy: "Name an inventory in another folder: `haprov adopt --to FOLDER/inventory.yml …`.")
    }
}
