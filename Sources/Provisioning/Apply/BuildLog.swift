import Errors
import FoundationEssentials
import Synchronization

/// Everything that a build printed, in a file on the controller.
final class BuildLog: Sendable {
    let path: String
    private let state: Mutex<(lines: [String], file: FileDescriptorBox)>

    init(folder: String, run: String, product: String) throws(Failure) {
        path = "\(folder)/\(run)-\(product).log"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .input, step: "build log", summary: "cannot write to \(folder): \(error)",
                remedy: "Make it writable, or name another folder in HAPROV_CACHE.")
        }
        state = Mutex(([], FileDescriptorBox(path: path)))
    }

    /// How many lines there are.
    var count: Int { state.withLock { $0.lines.count } }

    func write(_ line: String) {
        state.withLock { state in
            state.lines.append(line)
            state.file.write(line + "\n")
        }
    }

    func text(since mark: Int) -> String { state.withLock { $0.lines[mark...].joined(separator: "\n") } }

    /// Why it failed: the first lines since a mark that name an error, or else the last ones. Several compilers at once go on
    /// talking after one of them has given up.
    func reason(since mark: Int, count: Int = 12) -> String {
        let lines = Array(state.withLock { $0.lines[mark...] })
        let errors = lines.filter { line in Self.signs.contains(where: line.contains) }
        return (errors.isEmpty ? lines.suffix(count) : errors.prefix(count)).joined(separator: "\n")
    }

    /// How compilers, linkers, configure and make say it.
    private static let signs = [
        "error:", "Error:", "undefined reference to", "multiple definition of", "cannot find -l", "!!!", "*** ",
        "command not found", "No space left on device",
    ]
}
