import Glibc
import Prober

/// What to ask, from the program's arguments.
struct ProbeArguments {
    private var values: [String: String] = [:]

    /// - Returns: nil where an argument is unknown, without its value, or with one that it cannot have.
    static func configuration(from arguments: [String]) throws(ProbeError) -> ProbeConfiguration? {
        guard arguments.count.isMultiple(of: 2) else { return nil }
        var all = ProbeArguments()
        for index in stride(from: 0, to: arguments.count, by: 2) { all.values[arguments[index]] = arguments[index + 1] }
        return try all.configuration()
    }

    private mutating func configuration() throws(ProbeError) -> ProbeConfiguration? {
        guard let target = values.removeValue(forKey: "--target").flatMap(Self.target) else { return nil }
        var result = ProbeConfiguration(address: target.address, port: target.port)
        if let name = values.removeValue(forKey: "--tls") { result.tls = TLSQuestion(name: name == "-" ? nil : name) }
        if let path = values.removeValue(forKey: "--ca") {
            guard result.tls != nil else { return nil }
            result.tls?.authorities = try Self.content(of: path)
        }
        for (name, value) in values {
            guard Self.set(name, to: value, in: &result) else { return nil }
        }
        return result
    }

    private static func set(_ name: String, to value: String, in result: inout ProbeConfiguration) -> Bool {
        switch (name, Int(value)) {
        case ("--kind", _):
            guard let kind = ProbeConfiguration.Kind(rawValue: value) else { return false }
            result.kind = kind
        case ("--expect", _):
            guard let statuses = StatusSet(value) else { return false }
            result.expected = statuses
        case ("--path", _): result.path = value
        case ("--host", _): result.host = value
        case ("--interval-us", let number?): result.interval = number
        case ("--timeout-ms", let number?) where number <= 60_000: result.timeout = number * 1000
        case ("--max-in-flight", let number?): result.maximumInFlight = number
        case ("--max-seconds", let number?): result.maximumSeconds = number
        default: return false
        }
        return true
    }

    /// `172.16.122.100:80`, `[2001:db8::100]:80`.
    private static func target(_ text: String) -> (address: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else { return nil }
        let address = text[..<colon]
        let isBracketed = address.hasPrefix("[") && address.hasSuffix("]")
        guard isBracketed == address.contains(":") else { return nil }
        return (String(isBracketed ? address.dropFirst().dropLast() : address), port)
    }

    private static func content(of path: String) throws(ProbeError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ProbeError("\(path): \(String(cString: strerror(errno)))") }
            if count == 0 { return content }
            content += buffer[..<count]
        }
    }
}
