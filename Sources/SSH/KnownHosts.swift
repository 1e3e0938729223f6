import CCrypto
import Texts

/// The host keys that an operator has accepted: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
///
/// Lines that cannot be read are passed over, as ssh does.
struct KnownHosts: Sendable {
    /// One line that names a key.
    struct Entry: Sendable, Equatable {
        /// From 1.
        var line: Int
        var revoked: Bool
        /// The key of an authority that signs those of hosts (`@cert-authority`): libssh2 knows no certificates of hosts.
        var isAuthority = false
        var patterns: String
        var key: HostKey
    }

    /// What is known about a key that a host showed.
    enum Verdict: Sendable, Equatable {
        case trusted
        /// Nothing is known of this host, or only keys of other types.
        case unknown(otherTypes: [Entry])
        /// Another key of this type is known.
        case changed(known: [Entry])
        case revoked(Entry)
    }

    let entries: [Entry]

    init(_ text: String) {
        var entries: [Entry] = []
        // To Swift, a carriage return with its line feed is one character.
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            var fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
            guard let first = fields.first, !first.hasPrefix("#") else { continue }
            let (revoked, isAuthority) = (first == "@revoked", first == "@cert-authority")
            if first.hasPrefix("@") {
                guard revoked || isAuthority else { continue }
                fields.removeFirst()
            }
            guard fields.count >= 3 else { continue }
            let patterns = fields.removeFirst()
            let type = fields.removeFirst()
            guard let blob = Base64.decode(fields.removeFirst().utf8), HostKey(blob: blob).type == type else {
                continue
            }
            entries.append(
                Entry(
                    line: index + 1, revoked: revoked, isAuthority: isAuthority, patterns: String(patterns),
                    key: HostKey(blob: blob)))
        }
        self.entries = entries
    }

    /// The name under which a host stands in the file: `[host]:port` where the port is not 22.
    static func name(_ host: String, port: Int) -> String {
        port == 22 ? host.lowercased() : "[\(host.lowercased())]:\(port)"
    }

    /// The authorities whose word would do for a host.
    func authorities(of host: String, port: Int) -> [Entry] {
        let names = port == 22 ? [22] : [port, 22]
        return names.flatMap { port in
            entries.filter { $0.isAuthority && Self.matches($0.patterns, Self.name(host, port: port)) }
        }
    }

    /// The keys that a host may show, most trusted first: the host's own lines, then those without the port.
    func keys(of host: String, port: Int) -> [Entry] {
        let own = matching(Self.name(host, port: port)).filter { !$0.revoked }
        return own.isEmpty && port != 22 ? matching(Self.name(host, port: 22)).filter { !$0.revoked } : own
    }

    /// Judges a key that a host showed.
    func judge(_ key: HostKey, of host: String, port: Int) -> Verdict {
        let own = matching(Self.name(host, port: port))
        // As ssh does: a host on another port may be known by the lines of port 22, but is never "changed" by them.
        let bare = port == 22 ? own : matching(Self.name(host, port: 22))
        if let entry = (own + bare).first(where: { $0.revoked && $0.key == key }) { return .revoked(entry) }
        let known = own.filter { !$0.revoked }
        if known.contains(where: { $0.key == key }) { return .trusted }
        if known.isEmpty, bare.contains(where: { !$0.revoked && $0.key == key }) { return .trusted }
        let sameType = known.filter { $0.key.type == key.type }
        return sameType.isEmpty ? .unknown(otherTypes: known) : .changed(known: sameType)
    }

    private func matching(_ name: String) -> [Entry] {
        entries.filter { !$0.isAuthority && Self.matches($0.patterns, name) }
    }

    /// Whether a line's list of patterns, or its one hashed name, means a host.
    static func matches(_ patterns: String, _ name: String) -> Bool {
        if patterns.hasPrefix("|") { return matchesHash(patterns, name) }
        var found = false
        for pattern in patterns.lowercased().split(separator: ",") {
            if pattern.hasPrefix("!") {
                if Wildcard.matches(String(pattern.dropFirst()), name) { return false }
            } else if Wildcard.matches(String(pattern), name) {
                found = true
            }
        }
        return found
    }

    /// `|1|salt|hash`, where hash is the HMAC-SHA1 of the name under the salt.
    private static func matchesHash(_ patterns: String, _ name: String) -> Bool {
        let parts = patterns.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[1] == "1", let salt = Base64.decode(parts[2].utf8),
            let hash = Base64.decode(parts[3].utf8)
        else { return false }
        let name = Array(name.utf8)
        var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        var size: UInt32 = 0
        HMAC(EVP_sha1(), salt, Int32(salt.count), name, name.count, &digest, &size)
        return digest == hash
    }
}
