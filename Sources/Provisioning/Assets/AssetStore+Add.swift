import Archives
import Digests
import Errors
import Foundation
import Inventory

extension AssetStore {
    /// Takes a tarball in: recognises it by its name, looks into it, compares or records its checksum, and copies it.
    ///
    /// - Returns: how things stand with it then.
    /// - Throws: where it is not what its name says, or the manifest or an earlier record knows another checksum.
    package func add(_ file: String) throws(Failure) -> Asset {
        let path = URL(fileURLWithPath: file).path
        let fileName = URL(fileURLWithPath: path).lastPathComponent
        let step = "add \(fileName)"
        guard let name = TarballName(fileName, manifest: manifest) else {
            throw Failure(
                .input, step: step, summary: "\(fileName) is not the name of a tarball that haprov knows",
                remedy: "Expected \(expectedNames()). Keep the name that the publisher gave it.")
        }
        let sha256 = try SHA256.hex(ofFile: path)
        if let known = manifest.checksum(name.product, name.version), known != sha256 {
            throw Failure(
                .input, step: step,
                summary: "\(path) has the wrong checksum: the manifest has SHA-256 \(known), the file has \(sha256)",
                remedy: "Do not use it. Get \(manifest.url(name.product, name.version)) again.")
        }
        try inspect(path, name: name, step: step)
        let kept = keptName(name.product, name.version, ending: name.ending)
        try makeFolder(step: step)
        var checksums = try ChecksumFile(folder: folder)
        if let known = checksums.checksums[kept], known != sha256 {
            throw Failure(
                .input, step: step,
                summary: "\(kept) was added before with SHA-256 \(known); this file has \(sha256)",
                remedy:
                    "Find out which of the two is the publisher's. To take this one, remove \(folder)/\(kept) and its "
                    + "line in \(checksums.path), and add it again.")
        }
        try copy(path, to: "\(folder)/\(kept)", sha256: sha256, step: step)
        try checksums.record(sha256, of: kept)
        return try asset(name.product, name.version)
    }

    private func expectedNames() -> String {
        let names = manifest.products.keys.sorted().flatMap { manifest.products[$0]?.names ?? [] }
        return names.map { Placeholders.fill($0, version: "VERSION") + ".tar.gz" }.joined(separator: ", ")
    }

    /// Lists the archive and checks that everything lies in the one folder that it should have.
    private func inspect(_ path: String, name: TarballName, step: String) throws(Failure) {
        guard let compression = TarballListing.compression(of: path) else {
            throw Failure(
                .input, step: step, summary: "\(path) is not compressed by gzip, xz or bzip2",
                remedy:
                    "Get \(manifest.url(name.product, name.version)) again: a page may have been saved in its place.")
        }
        let entries: [String]
        do throws(ArchiveFault) {
            entries = try TarballListing(path: path, compression: compression).names
        } catch {
            throw Failure(
                .input, step: step, summary: "\(path) is not a whole tar archive: \(error.reason)",
                remedy: "Get \(manifest.url(name.product, name.version)) again.")
        }
        let folder = Placeholders.fill(manifest.products[name.product]?.folder ?? "", version: name.version)
        let stray = entries.first { entry in
            !(entry == folder || entry.hasPrefix(folder + "/")) || entry.split(separator: "/").contains("..")
        }
        guard let first = entries.first else {
            throw Failure(
                .input, step: step, summary: "\(path) is an empty archive",
                remedy: "Get \(manifest.url(name.product, name.version)) again.")
        }
        if let stray {
            let found = stray == first ? "it begins with \(first)" : "it also holds \(stray)"
            throw Failure(
                .input, step: step, summary: "\(path) should hold one folder, \(folder); \(found)",
                remedy: "Use the publisher's release tarball, not an archive of a repository.")
        }
        if let flaw = flaw(path, name.product, name.version, entries: entries) {
            throw Failure(.input, step: step, summary: flaw.message, remedy: flaw.remedy)
        }
    }

    private func makeFolder(step: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .input, step: step, summary: "\(folder) cannot be made: \(error)",
                remedy: "Name another folder with --assets.")
        }
    }

    /// Copies beside the target and renames, so that there is never half a tarball; the copy is what gets checked.
    private func copy(_ source: String, to target: String, sha256: String, step: String) throws(Failure) {
        let files = FileManager.default
        if files.fileExists(atPath: target), try SHA256.hex(ofFile: target) == sha256 { return }
        let temporary = "\(target).\(ProcessInfo.processInfo.processIdentifier).part"
        defer { try? files.removeItem(atPath: temporary) }
        do {
            try? files.removeItem(atPath: temporary)
            try files.copyItem(atPath: source, toPath: temporary)
        } catch {
            throw Failure(
                .input, step: step, summary: "\(source) cannot be copied to \(folder): \(error)",
                remedy: "Make room there and make it writable for you, or name another folder with --assets.")
        }
        guard try SHA256.hex(ofFile: temporary) == sha256 else {
            throw Failure(
                .input, step: step, summary: "\(source) changed while it was copied", remedy: "Add it again.")
        }
        guard rename(temporary, target) == 0 else {
            throw Failure(
                .input, step: step, summary: "\(target) cannot be written: \(String(cString: strerror(errno)))",
                remedy: "Make it writable for you, or name another folder with --assets.")
        }
    }
}
