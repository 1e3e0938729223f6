/// Gathers what a script writes, and tells it from what login scripts wrote before.
struct ScriptOutput {
    private(set) var standardOutput: [UInt8] = []
    private(set) var standardError: [UInt8] = []
    /// What came before the mark.
    ///
    /// Only the end of it is kept: what runs instead of the script may write for ever.
    private(set) var noise: [UInt8] = []
    private(set) var began = false
    /// How often a password was asked for before the mark.
    private(set) var questions = 0
    private static let noiseLimit = 64 * 1024
    private let root: RootWay?
    private let errorMark: [UInt8]?
    private let deliver: (OutputChunk) -> Void
    /// What came since the last question.
    private var heard: [UInt8] = []
    /// On a terminal, the end of what came: it may be the beginning of the mark.
    private var held: [UInt8] = []
    private var isErrors = false

    init(_ command: RemoteCommand, _ deliver: @escaping (OutputChunk) -> Void) {
        root = command.root
        errorMark = command.errorMark
        self.deliver = deliver
    }

    mutating func write(_ bytes: some Collection<UInt8>, toError: Bool) {
        guard !bytes.isEmpty else { return }
        if !began, root?.answers == true, toError || errorMark != nil { listen(to: bytes) }
        if toError {
            take(bytes, toError: true)
        } else if began {
            writeMerged(bytes)
        } else {
            let seen = max(0, noise.count - RemoteCommand.mark.count)
            noise += bytes
            guard let range = noise[seen...].firstRange(of: RemoteCommand.mark) else {
                noise.removeFirst(max(0, noise.count - Self.noiseLimit))
                return
            }
            began = true
            // Questions and lectures are none of the script's.
            if root?.answers == true { standardError = [] }
            if root != nil, !standardError.isEmpty { deliver(.standardError(standardError)) }
            let first = noise[range.upperBound...]
            noise.removeSubrange(range.lowerBound...)
            write(first, toError: false)
        }
    }

    /// Gives out what was held back: no more will come.
    mutating func end() {
        take(held, toError: isErrors)
        held = []
    }

    private mutating func listen(to bytes: some Collection<UInt8>) {
        heard = (heard + bytes).suffix(Self.noiseLimit)
        guard let root, root.isQuestion(heard) else { return }
        heard = []
        questions += 1
    }

    /// Tells standard error from the standard output before it, where both come on one stream.
    private mutating func writeMerged(_ bytes: some Collection<UInt8>) {
        guard let errorMark, !isErrors else { return take(bytes, toError: isErrors) }
        held += bytes
        if let range = held.firstRange(of: errorMark) {
            take(held[..<range.lowerBound], toError: false)
            isErrors = true
            held.removeSubrange(..<range.upperBound)
            end()
        } else {
            let safe = max(0, held.count - errorMark.count)
            take(held[..<safe], toError: false)
            held.removeSubrange(..<safe)
        }
    }

    private mutating func take(_ bytes: some Collection<UInt8>, toError: Bool) {
        guard !bytes.isEmpty else { return }
        let bytes = Array(bytes)
        if toError {
            standardError += bytes
            // Where no script begins on the way to root, another way may be tried.
            if began || root == nil { deliver(.standardError(bytes)) }
        } else {
            standardOutput += bytes
            deliver(.standardOutput(bytes))
        }
    }
}
