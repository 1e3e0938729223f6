/// Octets written in hexadecimal, one field a line; what comes after `#` on a line says what it is.
func octets(_ text: String) -> [UInt8] {
    let digits = text.split(separator: "\n").map { $0.prefix { $0 != "#" } }.joined().filter { !$0.isWhitespace }
    precondition(digits.count.isMultiple(of: 2), "an odd number of digits")
    return stride(from: 0, to: digits.count, by: 2).map { offset in
        let start = digits.index(digits.startIndex, offsetBy: offset)
        guard let octet = UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16) else {
            preconditionFailure("not hexadecimal: \(digits)")
        }
        return octet
    }
}
