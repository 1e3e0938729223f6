import Errors
import Foundation
import Inventory
import YAMLReading

/// `checksums.yml` among the tarballs: what `haprov assets add` recorded, by file name.
struct ChecksumFile {
    let path: String
    private(set) var checksums: [String: String] = [:]

    /// - Throws: where there is such a file and it is damaged.
    init(folder: String) throws(Failure) {
        path = folder + "/checksums.yml"
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                .input, step: "read \(path)", summary: "\(path) cannot be read", remedy: "Make it readable for you.")
        }
        let faults = Faults(file: path, document: "the list of checksums")
        if let root = YAMLParser.parse(String(decoding: data, as: UTF8.self), faults: faults), !root.isNull,
            let section = YAMLSection(root, path: "", place: root.place, known: nil, faults: faults)
        {
            for pair in section.pairs {
                guard let text = section.text(pair.key, required: "Write 64 hexadecimal digits.") else { continue }
                if text.wholeMatch(of: /[0-9a-f]{64}/) == nil {
                    faults.error(
                        pair.value.place, "the checksum of \(pair.key) is not 64 hexadecimal digits in lower case",
                        "Correct the line, or remove it and add the tarball again.")
                }
                checksums[pair.key] = text
            }
        }
        if let first = faults.diagnostics.first {
            throw Failure(
                .input, step: "read \(path)", summary: "\(path):\(first.line):\(first.column): \(first.message)",
                remedy: first.remedy)
        }
    }

    /// Records a checksum; the file is replaced as a whole.
    mutating func record(_ checksum: String, of name: String) throws(Failure) {
        checksums[name] = checksum
        var text =
            "# SHA-256 of the tarballs here, recorded by `haprov assets add`; `haprov` refuses a file that differs.\n"
        for name in checksums.keys.sorted() { text += "\(name): \(checksums[name] ?? "")\n" }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure(
                .input, step: "record a checksum", summary: "\(path) cannot be written: \(error)",
                remedy: "Make the folder writable for you, or name another one with --assets.")
        }
    }
}
