/// A header of an RPM: values by tags (RPM's file format, version 4).
struct RPMHeader {
    /// Where it stands in the file.
    let range: Range<Int>
    private let values: [Int: Value]

    private enum Value {
        case strings([String])
        case numbers([Int])
    }

    /// - Parameters:
    ///   - file: from its first byte, as far as the header reaches at least.
    ///   - start: where the header begins.
    init(_ file: some RandomAccessCollection<UInt8>, at start: Int) throws(RPMFault) {
        let reader = RPMBytes(file)
        guard try reader.bytes(start, 4).elementsEqual([0x8E, 0xAD, 0xE8, 0x01]) else { throw RPMFault.damaged }
        let (count, size) = (try reader.number(start + 8, 4), try reader.number(start + 12, 4))
        // RPM's own limits.
        guard count <= 0xFFFF, size <= 256 << 20 else { throw RPMFault.damaged }
        let store = start + 16 + count * 16
        range = start..<(store + size)
        guard range.upperBound <= file.count else { throw RPMFault.cutOff }
        var values: [Int: Value] = [:]
        for index in 0..<count {
            let entry = start + 16 + index * 16
            let (tag, type) = (try reader.number(entry, 4), try reader.number(entry + 4, 4))
            let (offset, items) = (store + (try reader.number(entry + 8, 4)), try reader.number(entry + 12, 4))
            switch type {
            case 2, 3, 4, 5:
                let width = 1 << (type - 2)
                guard offset + items * width <= range.upperBound else { throw RPMFault.damaged }
                var numbers: [Int] = []
                for item in 0..<items { numbers.append(try reader.number(offset + item * width, width)) }
                values[tag] = .numbers(numbers)
            case 6, 8, 9:
                var strings: [String] = []
                var place = offset
                for _ in 0..<items {
                    let string = try reader.string(place, before: range.upperBound)
                    strings.append(String(decoding: string, as: UTF8.self))
                    place += string.count + 1
                }
                values[tag] = .strings(strings)
            default: break
            }
        }
        self.values = values
    }

    func strings(_ tag: Int) -> [String] {
        if case .strings(let strings)? = values[tag] { strings } else { [] }
    }

    func numbers(_ tag: Int) -> [Int] {
        if case .numbers(let numbers)? = values[tag] { numbers } else { [] }
    }

    func string(_ tag: Int) -> String { strings(tag).first ?? "" }
    func number(_ tag: Int) -> Int? { numbers(tag).first }
}

/// Why a file is no RPM that can be read, in words that follow its name.
package struct RPMFault: Error, Equatable {
    package var reason: String

    static let damaged = RPMFault(reason: "it is damaged, or no RPM")
    static let cutOff = RPMFault(reason: "it ends in the middle")
}

/// Bytes of a file by their places; numbers have the highest byte first.
struct RPMBytes<File: RandomAccessCollection<UInt8>> {
    private let file: File

    init(_ file: File) { self.file = file }

    func bytes(_ offset: Int, _ count: Int) throws(RPMFault) -> File.SubSequence {
        guard offset >= 0, count >= 0, offset + count <= file.count else { throw .cutOff }
        let start = file.index(file.startIndex, offsetBy: offset)
        return file[start..<file.index(start, offsetBy: count)]
    }

    /// None has a sign.
    func number(_ offset: Int, _ width: Int) throws(RPMFault) -> Int {
        let number = try bytes(offset, width).reduce(0) { $0 << 8 | Int($1) }
        guard number >= 0 else { throw .damaged }
        return number
    }

    /// Up to a zero.
    func string(_ offset: Int, before end: Int) throws(RPMFault) -> [UInt8] {
        let rest = try bytes(offset, end - offset)
        guard let zero = rest.firstIndex(of: 0) else { throw .damaged }
        return Array(rest[..<zero])
    }
}
