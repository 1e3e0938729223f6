import Foundation

/// Programs on the controller.
enum LocalCommand {
    /// The first of these programs that is on the PATH.
    static func find(_ names: [String]) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for name in names {
            for folder in path.split(separator: ":") {
                let file = "\(folder)/\(name)"
                if access(file, X_OK) == 0 { return file }
            }
        }
        return nil
    }

    /// Runs a program and waits for it.
    ///
    /// - Returns: its standard output.
    /// - Throws: where it cannot be started or does not end with status 0.
    @discardableResult
    static func run(_ words: [String], step: String) async throws(Failure) -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw Failure(
                .input, step: step, summary: "cannot run \(words[0]): \(error)", remedy: "Install \(words[0]).")
        }
        async let text = Self.drain(errors)
        let data = await Self.drain(output)
        let complaint = await text
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                .input, step: step, summary: "\(words[0]) ended with status \(process.terminationStatus)",
                remedy: "Mend the cause, then run haprov again.", cause: String(decoding: complaint, as: UTF8.self))
        }
        return data
    }

    private static func drain(_ pipe: Pipe) async -> [UInt8] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Array(pipe.fileHandleForReading.readDataToEndOfFile()))
            }
        }
    }
}
