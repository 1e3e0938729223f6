import VRRP

/// What a client asks the service for. Where it asks is the VIP: the host is only what the request calls it.
package struct ServiceURL: Sendable, Equatable {
    /// How the client asks.
    package enum Scheme: String, Sendable, CaseIterable {
        case http, https
        /// A connection alone.
        case tcp

        fileprivate var usualPort: Int? {
            switch self {
            case .http: 80
            case .https: 443
            case .tcp: nil
            }
        }
    }

    package var scheme: Scheme
    /// A name or an address, of IPv6 without brackets.
    package var host: String
    /// 1…65535.
    package var port: Int
    /// With its query.
    package var path: String

    /// From its text: `https://shop.example/health`, `tcp://db.example:5432`; nil for anything else.
    package init?(_ text: String) {
        guard let mark = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased())
        else { return nil }
        let rest = text[mark.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]), let port = port ?? scheme.usualPort else { return nil }
        let path = rest[end...]
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !path.contains("#") else { return nil }
        if scheme == .tcp, !["", "/"].contains(path) { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path.hasPrefix("/") ? String(path) : "/" + path
    }

    /// A host and, where it is written, its port.
    private static func authority(_ text: Substring) -> (host: String, port: Int?)? {
        var host = text
        var port: Int?
        let bracket = text.lastIndex(of: "]")
        if let colon = text.lastIndex(of: ":"), bracket.map({ colon > $0 }) ?? true {
            guard let number = Int(text[text.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            (host, port) = (text[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = String(host.dropFirst().dropLast())
            return IPAddress(address)?.family == .ipv6 ? (address, port) : nil
        }
        guard Words.isHost(String(host)), !host.contains(where: { ":%".contains($0) }) else { return nil }
        return (String(host), port)
    }

    /// The host, and the port where it is not the scheme's own, as a request names them.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == scheme.usualPort ? name : "\(name):\(port)"
    }
}

extension ServiceURL: CustomStringConvertible {
    package var description: String { "\(scheme.rawValue)://\(authority)\(scheme == .tcp ? "" : path)" }
}
