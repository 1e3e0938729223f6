import Texts

/// When certificates end: their `notAfter` (RFC 5280 section 4.1.2.5), read from PEM without judging anything else.
package enum CertificateEnd {
    /// Seconds since 1970 and the line of the certificate that ends first; nil where there is none.
    static func first(in text: String) -> (seconds: Int, line: Int)? {
        var ends: [(seconds: Int, line: Int)] = []
        var body: [Substring]?
        var start = 0
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("-----BEGIN CERTIFICATE-----") {
                (body, start) = ([], index + 1)
            } else if line.hasPrefix("-----END CERTIFICATE-----") {
                if let body, let bytes = Base64.decode(body.joined().utf8), let end = notAfter(bytes) {
                    ends.append((end, start))
                }
                body = nil
            } else {
                body?.append(line.split(separator: "\r").first ?? "")
            }
        }
        return ends.min { $0.seconds < $1.seconds }
    }

    /// Seconds since 1970. Walks down: certificate, its signed part, past version, number, algorithm and issuer to the validity.
    package static func notAfter(_ certificate: [UInt8]) -> Int? {
        var outer = DER(certificate[...])
        guard var whole = outer.enter(0x30), var signed = whole.enter(0x30) else { return nil }
        _ = signed.enter(0xA0)
        guard signed.enter(0x02) != nil, signed.enter(0x30) != nil, signed.enter(0x30) != nil,
            var validity = signed.enter(0x30), validity.next() != nil, let end = validity.next()
        else { return nil }
        return time(end)
    }

    /// UTCTime or GeneralizedTime, both in UTC.
    private static func time(_ element: (tag: UInt8, content: ArraySlice<UInt8>)) -> Int? {
        let digits = element.content.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.map { Int($0) - 48 }
        let yearDigits = element.tag == 0x17 ? 2 : 4
        guard digits.count >= yearDigits + 8 else { return nil }
        func number(_ start: Int, _ count: Int) -> Int { digits[start..<start + count].reduce(0) { $0 * 10 + $1 } }
        var year = number(0, yearDigits)
        if yearDigits == 2 { year += year < 50 ? 2000 : 1900 }
        let rest = (0..<4).map { number(yearDigits + 2 * $0, 2) }
        let seconds = digits.count >= yearDigits + 10 ? number(yearDigits + 8, 2) : 0
        return days(year, rest[0], rest[1]) * 86_400 + rest[2] * 3600 + rest[3] * 60 + seconds
    }

    /// Since 1970, in the Gregorian calendar; years begin with March here, so that leap days are last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let ofEra = year - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    /// Distinguished encoding rules: a tag, a length, that many bytes.
    private struct DER {
        var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        mutating func next() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
            var bytes = rest
            guard let tag = bytes.popFirst(), let first = bytes.popFirst() else { return nil }
            var length = Int(first)
            if first & 0x80 != 0 {
                let count = Int(first & 0x7F)
                guard (1...3).contains(count), bytes.count >= count else { return nil }
                length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
                bytes = bytes.dropFirst(count)
            }
            guard bytes.count >= length else { return nil }
            rest = bytes.dropFirst(length)
            return (tag, bytes.prefix(length))
        }

        /// What is inside the next element, if it has that tag.
        mutating func enter(_ tag: UInt8) -> DER? {
            var copy = self
            guard let element = copy.next(), element.tag == tag else { return nil }
            self = copy
            return DER(element.content)
        }
    }
}
