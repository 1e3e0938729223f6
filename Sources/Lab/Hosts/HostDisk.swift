import Errors
import Foundation

/// A file that makes a host's disk its own.
struct DiskFile: Equatable {
    /// Below the host's root, without a leading `/`.
    var path: String
    var text: String
    var mode: mode_t
}

/// A host's own disk: what it has beyond its image.
struct HostDisk {
    /// The writable layer's folder.
    var upper: String
    /// The layers below, topmost first.
    var layers: [String]

    /// Puts files on the disk; folders get the mode that the image gives them.
    func write(_ files: [DiskFile]) throws(Failure) {
        for file in files {
            let parts = file.path.split(separator: "/").map(String.init)
            for depth in 0..<parts.count {
                let folder = parts[..<depth].joined(separator: "/")
                let path = depth == 0 ? upper : "\(upper)/\(folder)"
                guard !Files.exists(path) else { continue }
                try Files.makeFolder(path)
                chmod(path, mode(of: folder))
            }
            try Files.write(file.text, to: "\(upper)/\(file.path)", mode: file.mode)
        }
    }

    private func mode(of folder: String) -> mode_t {
        var status = stat()
        for layer in layers where lstat("\(layer)/\(folder)", &status) == 0 { return status.st_mode & 0o7777 }
        return folder.hasSuffix("/.ssh") ? 0o700 : 0o755
    }
}
