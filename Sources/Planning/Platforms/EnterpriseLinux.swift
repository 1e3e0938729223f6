import Texts

/// Enterprise Linux 7 to 10 and its kin: RPMs by yum, or by dnf, which answers to that name too.
package struct EnterpriseLinux: Platform {
    package static let key = "el"
    package static let meaning = Explanation(
        "Enterprise Linux 7 to 10 (CentOS, RHEL, Rocky, Alma, Oracle) or its kin (openEuler, Anolis, Kylin, UnionTech)",
        "Enterprise Linux 7 至 10(CentOS、RHEL、Rocky、Alma、Oracle)或同类系统(openEuler、Anolis、麒麟、统信)")
    /// `ID` of those whose versions are those of Enterprise Linux.
    private static let rebuilds: Set<String> = [
        "almalinux", "centos", "circle", "cloudlinux", "eurolinux", "miraclelinux", "ol", "rhel", "rocky", "scientific",
    ]
    /// `ID` of those that count by themselves.
    private static let relatives: Set<String> = [
        "alinux", "amzn", "anolis", "asianux", "bclinux", "ctyunos", "euleros", "fedora", "hce", "kylin", "neokylin",
        "openEuler", "opencloudos", "redos", "tencentos", "uos", "virtuozzo",
    ]
    package static var identifiers: Set<String>? { rebuilds.union(relatives) }
    /// What others call themselves kin of, in `ID_LIKE`.
    private static let ancestors: Set<String> = ["centos", "rhel"]

    /// As os-release(5) has it; empty where nothing is known.
    private let id: String
    package let name: String
    package let major: String
    /// The release of Enterprise Linux that its packages are those of; nil where it has its own.
    private let release: Int?
    /// dnf came with 8.
    private let hasDNF: Bool

    /// CentOS 7: a path or a template's name that holds the version is whole then, too.
    package init() {
        (id, name, major, release, hasDNF) = ("", "Enterprise Linux 7", "7", 7, false)
    }

    package init?(_ system: System) {
        let like = system.like.split(separator: " ").map(String.init)
        guard Self.identifiers?.contains(system.id) == true || !Self.ancestors.isDisjoint(with: like) else {
            return nil
        }
        // UnionTech goes by one name with either: its edition `d` is Debian's kin.
        if system.has("apt-get"), !system.has("yum"), !system.has("dnf") { return nil }
        id = system.id
        major = system.version.split(separator: ".").first.map(String.init) ?? ""
        let number = Int(major).flatMap { (7...10).contains($0) ? $0 : nil }
        release = Self.relatives.contains(id) && id != "anolis" ? nil : number
        hasDNF = release.map { $0 >= 8 } ?? (system.has("dnf") || !system.has("yum"))
        switch (release, Self.relatives.contains(id)) {
        case (nil, true): name = system.version.isEmpty ? id : "\(id) \(system.version)"
        default: name = major.isEmpty ? "Enterprise Linux" : "Enterprise Linux \(major)"
        }
    }

    package var packageManager: any PackageManager { Yum(name: hasDNF ? "dnf" : "yum") }
    package var environmentFolder: String { "/etc/sysconfig" }
    package var openSSLHeaders: String { "openssl-devel" }

    package var packageNames: [String: String] {
        guard let release else { return [:] }
        // keepalived before 2.0 alone asks for it.
        var names = release >= 9 ? ["libnfnetlink-devel": ""] : [:]
        // Programs and library are one package until 7.
        if release >= 8 { names["lua"] = "lua-libs" }
        if release >= 10 { names.merge(["pcre": "pcre2", "pcre-devel": "pcre2-devel"]) { $1 } }
        return names
    }

    package var packageAdvice: PackageAdvice {
        let rpms = "`packages: { rpms: DIR }` with a folder of RPMs on this machine"
        let host = "repair the host's own repositories (`packages: host`)" + (headersAdvice.map { ", \($0)" } ?? "")
        return PackageAdvice(
            sameRelease: "Use RPMs of this host's own minor release (\(rpms))",
            everyWay: "Choose one in the inventory: \(host); "
                + (release == 7
                    ? "\(rpms), which needs no network; or `packages: vault`, where the host can reach vault.centos.org."
                    : "or \(rpms), which needs no network."))
    }

    /// From 8 on some -devel packages are in a repository that is off at first.
    private var headersAdvice: String? {
        guard let release, release >= 8 else { return nil }
        let command =
            switch id {
            case "rhel":
                "subscription-manager repos --enable codeready-builder-for-rhel-\(release)-x86_64-rpms"
            case "ol": "dnf config-manager --set-enabled ol\(release)_codeready_builder"
            case "anolis": "dnf config-manager --set-enabled PowerTools"
            default: "dnf config-manager --set-enabled \(release == 8 ? "powertools" : "crb")"
            }
        return "where a -devel package is missing with that of the developers' packages: `\(command)`"
    }

    /// vault.centos.org names releases with their date, `7.7.1908`; it keeps 8 in other folders.
    package func vaultRelease(of system: System) -> String? {
        guard system.id == "centos", release == 7, system.fullVersion.split(separator: ".").count >= 3 else {
            return nil
        }
        return system.fullVersion
    }
}
