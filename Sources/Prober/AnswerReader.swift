/// Reads one HTTP/1.x answer piece by piece (RFC 9112): enough to know its status, its end, and its body's first line.
struct AnswerReader {
    enum Progress: Equatable {
        case incomplete
        case complete
        case malformed
    }

    /// A head longer than this is not one.
    static let maximumHead = 8192
    /// The part of the body's first line that is kept, in bytes.
    static let maximumLabel = 48

    private enum Phase {
        case head
        case counted(Int)
        case chunkSize(Int, digits: Int)
        case chunkExtension(Int)
        case chunk(Int)
        case chunkEnd
        case trailer(lineLength: Int)
        case untilClose
        case done
    }

    private(set) var status: UInt16 = 0
    /// The body's first line, cut at ``maximumLabel`` bytes.
    private(set) var label: [UInt8] = []
    private var head: [UInt8] = []
    private var labelEnded = false
    private var phase = Phase.head

    /// Forgets the answer but keeps its memory.
    mutating func reset() {
        status = 0
        label.removeAll(keepingCapacity: true)
        head.removeAll(keepingCapacity: true)
        labelEnded = false
        phase = .head
    }

    /// Takes the next bytes; what follows a complete answer is ignored.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> Progress {
        for byte in bytes {
            let progress = take(byte)
            if progress != .incomplete { return progress }
        }
        return .incomplete
    }

    /// The peer closed the connection.
    mutating func end() -> Progress {
        switch phase {
        case .untilClose, .done: .complete
        default: .malformed
        }
    }

    private mutating func take(_ byte: UInt8) -> Progress {
        switch phase {
        case .head:
            head.append(byte)
            if byte == 0x0A, headIsWhole { return parseHead() }
            return head.count < Self.maximumHead ? .incomplete : .malformed
        case .counted(let left):
            takeBody(byte)
            phase = left > 1 ? .counted(left - 1) : .done
        case .untilClose: takeBody(byte)
        case .chunkSize, .chunkExtension, .chunk, .chunkEnd, .trailer: return takeChunked(byte)
        case .done: break
        }
        if case .done = phase { return .complete }
        return .incomplete
    }

    private mutating func takeChunked(_ byte: UInt8) -> Progress {
        switch phase {
        case .chunkSize(let size, let digits):
            if let digit = Self.hexadecimal(byte) {
                guard digits < 7 else { return .malformed }
                phase = .chunkSize(size << 4 | digit, digits: digits + 1)
            } else {
                guard digits > 0 else { return .malformed }
                phase = byte == 0x0A ? Self.afterSize(size) : .chunkExtension(size)
            }
        case .chunkExtension(let size): if byte == 0x0A { phase = Self.afterSize(size) }
        case .chunk(let left):
            takeBody(byte)
            phase = left > 1 ? .chunk(left - 1) : .chunkEnd
        case .chunkEnd: if byte == 0x0A { phase = .chunkSize(0, digits: 0) }
        case .trailer(let length):
            if byte == 0x0A {
                if length == 0 {
                    phase = .done
                    return .complete
                }
                phase = .trailer(lineLength: 0)
            } else if byte != 0x0D {
                phase = .trailer(lineLength: length + 1)
            }
        default: break
        }
        return .incomplete
    }

    private static func afterSize(_ size: Int) -> Phase { size == 0 ? .trailer(lineLength: 0) : .chunk(size) }

    private mutating func takeBody(_ byte: UInt8) {
        if labelEnded { return }
        if byte == 0x0A || byte == 0x0D || label.count == Self.maximumLabel {
            labelEnded = true
        } else {
            label.append(byte)
        }
    }

    private var headIsWhole: Bool {
        let count = head.count
        if count >= 2, head[count - 2] == 0x0A { return true }
        return count >= 4 && head[count - 2] == 0x0D && head[count - 3] == 0x0A
    }

    private mutating func parseHead() -> Progress {
        // "HTTP/1.x NNN"
        guard head.count >= 13, head.starts(with: "HTTP/1.".utf8), head[8] == 0x20,
            let hundreds = Self.decimal(head[9]), let tens = Self.decimal(head[10]), let ones = Self.decimal(head[11])
        else { return .malformed }
        status = UInt16(hundreds * 100 + tens * 10 + ones)
        if hundreds == 1 {
            // An interim answer; the final one follows.
            head.removeAll(keepingCapacity: true)
            return .incomplete
        }
        if status == 204 || status == 304 { return finish() }
        if headerValue("transfer-encoding") != nil {
            phase = .chunkSize(0, digits: 0)
            return .incomplete
        }
        guard let length = headerValue("content-length") else {
            phase = .untilClose
            return .incomplete
        }
        var count = 0
        for byte in head[length] {
            guard let digit = Self.decimal(byte), count < 1 << 40 else { return .malformed }
            count = count * 10 + digit
        }
        if length.isEmpty { return .malformed }
        if count == 0 { return finish() }
        phase = .counted(count)
        return .incomplete
    }

    private mutating func finish() -> Progress {
        phase = .done
        return .complete
    }

    /// Where a header's value lies in the head, blanks cut off; its name in lower case.
    private func headerValue(_ name: StaticString) -> Range<Int>? {
        var line = 0
        while let end = head[line...].firstIndex(of: 0x0A) {
            let colon = line + name.utf8CodeUnitCount
            if colon < end, head[colon] == 0x3A, matches(name, at: line) {
                var start = colon + 1
                var stop = end
                while start < stop, head[start] == 0x20 || head[start] == 0x09 { start += 1 }
                while stop > start, head[stop - 1] <= 0x20 { stop -= 1 }
                return start..<stop
            }
            line = end + 1
        }
        return nil
    }

    private func matches(_ name: StaticString, at offset: Int) -> Bool {
        for index in 0..<name.utf8CodeUnitCount {
            let byte = head[offset + index]
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            if lower != name.utf8Start[index] { return false }
        }
        return true
    }

    private static func decimal(_ byte: UInt8) -> Int? {
        byte >= 0x30 && byte <= 0x39 ? Int(byte) - 0x30 : nil
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46: Int(byte) - 0x41 + 10
        case 0x61...0x66: Int(byte) - 0x61 + 10
        default: nil
        }
    }
}
