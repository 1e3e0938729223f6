/// Gathers what a script writes, and tells it from what login scripts wrote before.
struct ScriptOutput {
    private(set) var standardOutput: [UInt8] = []
    private(set) var standardError: [UInt8] = []
    /// What came before the mark.
    ///
    /// Only the end of it is kept: what runs instead of the script may write for ever.
    private(set) var noise: [UInt8] = []
    private(set) var began = false
    private static let noiseLimit = 64 * 1024
    private let deliver: (OutputChunk) -> Void

    init(_ deliver: @escaping (OutputChunk) -> Void) { self.deliver = deliver }

    mutating func write(_ bytes: some Collection<UInt8>, toError: Bool) {
        guard !bytes.isEmpty else { return }
        if toError {
            let bytes = Array(bytes)
            standardError += bytes
            deliver(.standardError(bytes))
        } else if began {
            let bytes = Array(bytes)
            standardOutput += bytes
            deliver(.standardOutput(bytes))
        } else {
            let seen = max(0, noise.count - RemoteCommand.mark.count)
            noise += bytes
            guard let range = noise[seen...].firstRange(of: RemoteCommand.mark) else {
                noise.removeFirst(max(0, noise.count - Self.noiseLimit))
                return
            }
            began = true
            let first = noise[range.upperBound...]
            noise.removeSubrange(range.lowerBound...)
            write(first, toError: false)
        }
    }
}
