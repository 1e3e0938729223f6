import Archives
import Errors
import Foundation

/// A tar archive of files of this machine, under names of its own.
struct TarFile {
    /// What it is to hold: names, and the files that they are.
    var files: [(name: String, path: String)]
    /// What is said to be going on when something fails.
    var step: String

    /// Writes it, piece by piece.
    ///
    /// - Throws: an input failure where a file cannot be read, or changes meanwhile, or where there is no room.
    func write(to target: String) throws(Failure) {
        func failure(_ reason: String) -> Failure {
            Failure(
                .input, step: step, summary: "cannot write to \(target): \(reason)",
                remedy: "Make room there, or name another folder in HAPROV_CACHE.")
        }
        guard FileManager.default.createFile(atPath: target, contents: nil),
            let output = FileHandle(forWritingAtPath: target)
        else { throw failure(String(cString: strerror(errno))) }
        defer { try? output.close() }
        try send { piece throws(Failure) in
            do { try output.write(contentsOf: piece) } catch { throw failure(error.localizedDescription) }
        }
    }

    /// All of it.
    func bytes() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        try send { piece throws(Failure) in bytes += piece }
        return bytes
    }

    private func send(_ sink: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        for (name, path) in files {
            func failure(_ reason: String) -> Failure {
                Failure(
                    .input, step: step, summary: "cannot read \(path): \(reason)",
                    remedy: "Make it readable for you, and leave it alone while haprov runs.")
            }
            guard let input = FileHandle(forReadingAtPath: path) else {
                throw failure(String(cString: strerror(errno)))
            }
            defer { try? input.close() }
            var status = stat()
            guard fstat(input.fileDescriptor, &status) == 0 else { throw failure(String(cString: strerror(errno))) }
            let size = Int(status.st_size)
            try sink(TarWriter.header(name, size: size, modified: status.st_mtim.tv_sec))
            var left = size
            while left > 0 {
                let piece: Data?
                do { piece = try input.read(upToCount: min(left, 1 << 20)) } catch {
                    throw failure(error.localizedDescription)
                }
                guard let piece, !piece.isEmpty else { throw failure("it became shorter meanwhile") }
                try sink(Array(piece))
                left -= piece.count
            }
            try sink(TarWriter.padding(after: size))
        }
        try sink(TarWriter.end)
    }
}
