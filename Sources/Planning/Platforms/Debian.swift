import Texts

/// Debian, Ubuntu and their kin: Debian packages by apt.
package struct Debian: Platform {
    package static let key = "debian"
    package static let meaning = Explanation("Debian, Ubuntu or their kin", "Debian、Ubuntu 或同类系统")
    private static let ancestors: Set<String> = ["debian", "ubuntu"]

    /// What it calls itself: `Debian`, `Ubuntu`.
    private let title: String
    package let major: String
    /// Whether it is from the time of OpenSSL 1.1: Debian until 11, Ubuntu until 20.04.
    private let hasOpenSSL1: Bool
    /// Whether it is from the time of PCRE 1: Debian until 12, Ubuntu until 24.04.
    private let hasPCRE1: Bool

    package init() {
        title = "Debian"
        major = "12"
        hasOpenSSL1 = false
        hasPCRE1 = true
    }

    package init?(_ system: System) {
        let like = system.like.split(separator: " ").map(String.init)
        guard Self.ancestors.contains(system.id) || !Self.ancestors.isDisjoint(with: like) else { return nil }
        title = system.id == "debian" ? "Debian" : system.id == "ubuntu" ? "Ubuntu" : system.id
        // Ubuntu's versions are year and month, and both tell them apart.
        major =
            system.id == "debian"
            ? system.version.split(separator: ".").first.map(String.init) ?? "" : system.version
        let number = Int(system.version.split(separator: ".").first ?? "")
        switch system.id {
        case "debian": (hasOpenSSL1, hasPCRE1) = (number.map { $0 < 12 } ?? false, number.map { $0 < 13 } ?? true)
        case "ubuntu": (hasOpenSSL1, hasPCRE1) = (number.map { $0 < 21 } ?? false, number.map { $0 < 25 } ?? true)
        // Kin count by themselves: taken to be of Debian 12's time.
        default: (hasOpenSSL1, hasPCRE1) = (false, true)
        }
    }

    package var name: String { major.isEmpty ? title : "\(title) \(major)" }
    package var packageManager: any PackageManager { Apt() }
    package var environmentFolder: String { "/etc/default" }
    package var openSSLHeaders: String { "libssl-dev" }
    package var packageNames: [String: String] {
        [
            // It only recommends the C library's headers.
            "gcc": "gcc libc6-dev",
            "glibc-devel": "libc6-dev", "kernel-headers": "linux-libc-dev",
            "libnfnetlink-devel": "libnfnetlink-dev",
            "libnl3": "libnl-3-200 libnl-genl-3-200 libnl-route-3-200",
            "libnl3-devel": "libnl-3-dev libnl-genl-3-dev libnl-route-3-dev",
            // HAProxy's makefile looks for these names, and every release has this one.
            "lua": "liblua5.3-0", "lua-devel": "liblua5.3-dev",
            "openssl-devel": "libssl-dev", "openssl-libs": hasOpenSSL1 ? "libssl1.1" : "libssl3",
            "pcre": hasPCRE1 ? "libpcre3" : "libpcre2-8-0", "pcre-devel": hasPCRE1 ? "libpcre3-dev" : "libpcre2-dev",
            "pkgconfig": "pkg-config",
            "systemd-devel": "libsystemd-dev",
            "systemd-libs": "libsystemd0", "zlib": "zlib1g", "zlib-devel": "zlib1g-dev",
        ]
    }

    package var packageAdvice: PackageAdvice {
        PackageAdvice(
            sameRelease: "Bring this host up to date first (`apt-get update && apt-get upgrade`)",
            everyWay:
                "Repair the host's own sources of packages, /etc/apt/sources.list and sources.list.d (`packages: host`); "
                + "or give it a folder of .deb files on this machine, which needs no network: `packages: { debs: DIR }`."
        )
    }

    package func vaultRelease(of system: System) -> String? { nil }
}
