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

    func tail(_ count: Int) -> String { state.withLock { $0.lines.suffix(count).joined(separator: "\n") } }
}
