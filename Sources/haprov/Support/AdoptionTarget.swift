import Errors
import Foundation
import Inventory

/// A host as ssh names it: `[user@]host[:port]`, or an alias of OpenSSH's configuration.
struct AdoptionTarget: Sendable {
    /// Without user and port.
    var name: String
    /// IPv4, in digits.
    var address: String
    var user: String?
    var port: Int?

    init(_ argument: String, _ login: LoginOptions) throws(Failure) {
        var rest = argument[...]
        if let at = rest.lastIndex(of: "@") {
            user = String(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        if let colon = rest.lastIndex(of: ":"), let number = Int(rest[rest.index(after: colon)...]) {
            port = number
            rest = rest[..<colon]
        }
        name = String(rest)
        var wanted = name
        if let path = login.sshConfig, let file = try? SSHConfigurationFile(path) {
            wanted = file.configuration.answer(for: [name]).hostName?.value ?? name
        }
        guard let found = Self.address(of: wanted) else {
            throw Failure(
                .input, step: "adopt", summary: "\(argument): no IPv4 address is known for `\(wanted)`",
                remedy:
                    "Name the host by its address, or by a name that this machine can look up; aliases of OpenSSH's need "
                    + "`--ssh-config ~/.ssh/config`.")
        }
        address = found
    }

    private static func address(of name: String) -> String? {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard !name.isEmpty, getaddrinfo(name, nil, &hints, &found) == 0, let first = found else { return nil }
        defer { freeaddrinfo(first) }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard
            getnameinfo(
                first.pointee.ai_addr, first.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
                == 0
        else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
