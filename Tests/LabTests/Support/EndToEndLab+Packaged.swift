import Foundation

/// Programs of the distribution's own packages.
extension EndToEndLab {
    /// Changes of the lab's inventory, for `inventory(_:_:)`.
    static let engineVRRPD = ("engine: keepalived", "engine: vrrpd")
    static let withoutKeepalived = (keepalived + "\n", "")
    static let packagedKeepalived = (keepalived, "keepalived: { from: package }")
    static let packagedHAProxy = ("  version: 2.6.12\n  prefix: /usr/local/haproxy\n", "  from: package\n")

    private static let keepalived = "keepalived: { version: 2.2.7, prefix: /usr/local/keepalived }"

    /// An operator's own configuration of HAProxy, where the package was there before haprov.
    static let own = """
        global
            user haproxy
            stats socket /run/own.sock mode 660 level admin
        defaults
            timeout connect 5s
            timeout client 9s
            timeout server 9s
        frontend own
            bind 127.0.0.1:8080
            mode http
            http-request return status 200 content-type text/plain string own

        """

    /// Has HAProxy of a package serve that on a host.
    ///
    /// - Parameter install: the command that brings the package.
    func serveOwn(on host: String, install: String) throws {
        try ask(
            host,
            """
            set -e
            export DEBIAN_FRONTEND=noninteractive
            \(install)
            cat >/etc/haproxy/haproxy.cfg <<'END'
            \(Self.own)END
            systemctl restart haproxy
            """)
        try servesOwn(host)
    }

    func servesOwn(_ host: String) throws {
        try wait("\(host) to serve what it served before haprov") {
            try on(host, "curl -s -m 5 http://127.0.0.1:8080/").output.trimmingCharacters(in: .newlines) == "own"
        }
    }
}
