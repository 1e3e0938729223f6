import Errors
import Foundation

/// The tarballs that a lab uses: a link beside its inventory to a folder that is somebody else's.
struct LabAssets {
    var paths: LabPaths

    /// - Throws: an input failure where there is no such folder, or where the lab has tarballs of its own.
    func link(to folder: String) throws(Failure) {
        let target = URL(fileURLWithPath: folder).standardizedFileURL.path
        var status = stat()
        guard stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw Failure(
                .input, step: "assets", summary: "there is no folder \(target)",
                remedy: "Name the folder of your tarballs: `haprov lab up --assets FOLDER`.")
        }
        let link = paths.assets
        if lstat(link, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFLNK else {
                throw Failure(
                    .input, step: "assets", summary: "the lab has tarballs of its own in \(link)",
                    remedy: "Leave --assets out to use them, or remove that folder.")
            }
            if (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == target { return }
        }
        // A new link takes an old one's place in one step.
        let draft = link + ".new"
        unlink(draft)
        guard symlink(target, draft) == 0, rename(draft, link) == 0 else {
            throw Failure(
                .change, step: "assets", summary: "cannot link \(link): \(String(cString: strerror(errno)))",
                remedy: "Look at the rights and the free space there.")
        }
    }

    /// Where the tarballs are in truth.
    var folder: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: paths.assets)) ?? paths.assets
    }

    /// Whether the lab has tarballs of its own.
    var areOwn: Bool {
        var status = stat()
        return lstat(paths.assets, &status) == 0 && status.st_mode & S_IFMT != S_IFLNK
    }
}
