import Texts

/// CentOS 7, its successors and their kin: RPMs by yum, or by dnf under that name.
package struct EnterpriseLinux: Platform {
    package static let key = "el"
    package static let meaning = Explanation(
        "CentOS 7, one of its successors or their kin", "CentOS 7、其后续版本或同类系统")
    /// `ID` of those that do not say whose kin they are, beside the best known.
    private static let identifiers: Set<String> = [
        "almalinux", "alinux", "amzn", "anolis", "asianux", "bclinux", "centos", "ctyunos", "euleros", "fedora", "hce",
        "kylin", "neokylin", "ol", "openEuler", "opencloudos", "redos", "rhel", "rocky", "scientific", "tencentos",
        "uos",
        "virtuozzo",
    ]
    /// What others call themselves kin of, in `ID_LIKE`.
    private static let ancestors: Set<String> = ["centos", "fedora", "rhel"]

    package let major: String

    /// CentOS 7: a path or a template's name that holds the version is whole then, too.
    package init() { major = "7" }

    package init?(_ system: System) {
        let like = system.like.split(separator: " ").map(String.init)
        guard Self.identifiers.contains(system.id) || !Self.ancestors.isDisjoint(with: like) else { return nil }
        major = system.version.split(separator: ".").first.map(String.init) ?? ""
    }

    package var name: String { major.isEmpty ? "Enterprise Linux" : "Enterprise Linux \(major)" }
    package var packageManager: any PackageManager { Yum() }
    package var environmentFolder: String { "/etc/sysconfig" }
    package var openSSLHeaders: String { "openssl-devel" }
    package var packageNames: [String: String] { [:] }

    private static let rpms = "`packages: { rpms: DIR }` with a folder of RPMs on this machine"
    package var packageAdvice: PackageAdvice {
        PackageAdvice(
            sameRelease: "Use RPMs of this host's own minor release (\(Self.rpms))",
            everyWay:
                "Choose one in the inventory: repair the host's own repositories (`packages: host`); \(Self.rpms), "
                + "which needs no network; or `packages: vault`, where the host can reach vault.centos.org.")
    }

    /// vault.centos.org names releases with their date: `7.7.1908`.
    package func vaultRelease(of system: System) -> String? {
        guard system.id == "centos", system.fullVersion.split(separator: ".").count >= 3 else { return nil }
        return system.fullVersion
    }
}
