import Glibc

/// What to ask, how often, and when to give up on an answer.
package struct ProbeConfiguration: Sendable, Equatable {
    /// What counts as a good answer.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// A whole HTTP answer with an expected status.
        case http
        /// A TCP connection that is accepted.
        case tcp
    }

    /// An IPv4 address in dotted decimal, or one of IPv6.
    package var address: String
    /// 1…65535.
    package var port: Int
    /// What counts as a good answer.
    package var kind: Kind
    /// The request's path; HTTP only.
    package var path: String
    /// What the request says it is for; the address where nil. HTTP only.
    package var host: String?
    /// The statuses of good answers; HTTP only.
    package var expected: StatusSet
    /// Nil where requests are not encrypted; HTTP only.
    package var tls: TLSQuestion?
    /// Microseconds between two requests.
    package var interval: Int
    /// Microseconds after which a request has failed.
    package var timeout: Int
    /// Requests that may be open at one time; those due beyond it are counted as suppressed.
    package var maximumInFlight: Int
    /// Seconds after which the prober stops by itself.
    package var maximumSeconds: Int
    /// Whether every request is kept as a ``ProbeRecord``, 16 bytes each.
    package var keepsRecords: Bool

    /// A request for `/` every millisecond, unless told otherwise; checked when a prober is started with it.
    package init(
        address: String, port: Int, kind: Kind = .http, path: String = "/", host: String? = nil,
        expected: StatusSet = .usual, tls: TLSQuestion? = nil, interval: Int = 1000, timeout: Int = 1_000_000,
        maximumInFlight: Int = 2048, maximumSeconds: Int = 600, keepsRecords: Bool = false
    ) {
        self.address = address
        self.port = port
        self.kind = kind
        self.path = path
        self.host = host
        self.expected = expected
        self.tls = tls
        self.interval = interval
        self.timeout = timeout
        self.maximumInFlight = maximumInFlight
        self.maximumSeconds = maximumSeconds
        self.keepsRecords = keepsRecords
    }

    /// `172.16.122.100:80` or `[2001:db8::100]:80`.
    package var target: String { "\(bracketed):\(port)" }

    private var bracketed: String { address.contains(":") ? "[\(address)]" : address }

    /// The socket address, or what is wrong with this configuration.
    func validated() throws(ProbeError) -> SocketAddress {
        guard (1...65535).contains(port) else { throw ProbeError("expected a port from 1 to 65535, found \(port)") }
        guard let target = SocketAddress(address, port: port) else {
            throw ProbeError("expected an IPv4 or IPv6 address to probe, found \"\(address)\"")
        }
        guard (100...60_000_000).contains(interval) else {
            throw ProbeError("expected an interval from 100 µs to 60 s, found \(interval) µs")
        }
        guard (1000...60_000_000).contains(timeout) else {
            throw ProbeError("expected a timeout from 1 ms to 60 s, found \(timeout) µs")
        }
        guard (1...65536).contains(maximumInFlight) else {
            throw ProbeError("expected from 1 to 65536 requests in flight, found \(maximumInFlight)")
        }
        guard (1...86400).contains(maximumSeconds) else {
            throw ProbeError("expected to run from 1 to 86400 seconds, found \(maximumSeconds)")
        }
        guard path.hasPrefix("/"), Self.isVisible(path) else {
            throw ProbeError("expected a path that starts with / and has no blanks, found \"\(path)\"")
        }
        for name in [host, tls?.name] {
            guard let name, name.isEmpty || !Self.isVisible(name) else { continue }
            throw ProbeError("expected the name of a host, found \"\(name)\"")
        }
        return target
    }

    private static func isVisible(_ text: String) -> Bool { text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }

    /// The bytes of one request. The connection is kept alive so that the prober, not the server, ends it: by a reset,
    /// which leaves no TIME_WAIT on either side.
    var request: [UInt8] {
        let head = "GET \(path) HTTP/1.1\r\nHost: \(host ?? bracketed)\r\n"
        return Array((head + "User-Agent: haprov-prober\r\nAccept: */*\r\n\r\n").utf8)
    }
}

/// Why the prober cannot run.
package struct ProbeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was expected and what was found.
    package var message: String

    /// An error that says what was expected and what was found.
    package init(_ message: String) { self.message = message }

    init(errno number: Int32, doing action: String) {
        message = "\(action): \(String(cString: strerror(number)))"
    }

    /// The message.
    package var description: String { message }
}
