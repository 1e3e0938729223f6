import Errors
import Foundation

/// How the image is made: the scripts and lists of `Recipes`, and the names that packages get.
struct ImageRecipe {
    var system: LabSystem

    /// For every system.
    private static let common: [String: [UInt8]] = [
        "image.sh": PackageResources.image_sh, "layers.sh": PackageResources.layers_sh,
        "packages.txt": PackageResources.packages_txt, "host.sh": PackageResources.host_sh,
        "nginx.conf": PackageResources.nginx_conf, "rsyslog.conf": PackageResources.rsyslog_conf,
    ]
    /// For those that are dressed as Enterprise Linux.
    private static let dressed: [String: [UInt8]] = [
        "balancer-dressed.sh": PackageResources.balancer_dressed_sh, "rpms.sh": PackageResources.rpms_sh,
        "rpm-names.txt": PackageResources.rpm_names_txt, "lab-network": PackageResources.lab_network,
        "network.service": PackageResources.network_service,
    ]

    /// The files of `Recipes` that this system's image is made by, by name.
    var files: [String: String] {
        var files = Self.common
        if system.isDressed { files.merge(Self.dressed) { $1 } }
        let own: [String: [UInt8]] =
            switch system {
            case .centos7:
                [
                    "balancer-centos7.sh": PackageResources.balancer_centos7_sh,
                    "rpm-names-centos7.txt": PackageResources.rpm_names_centos7_txt,
                    "os-release-centos7": PackageResources.os_release_centos7,
                ]
            case .el9:
                [
                    "balancer-el9.sh": PackageResources.balancer_el9_sh,
                    "rpm-names-el9.txt": PackageResources.rpm_names_el9_txt,
                    "os-release-el9": PackageResources.os_release_el9,
                    "haproxy.service": PackageResources.haproxy_service,
                    "haproxy.cfg": PackageResources.haproxy_cfg,
                    "keepalived.service": PackageResources.keepalived_service,
                    "keepalived.conf": PackageResources.keepalived_conf,
                ]
            case .debian: ["balancer-debian.sh": PackageResources.balancer_debian_sh]
            }
        files.merge(own) { $1 }
        return files.mapValues { String(decoding: $0, as: UTF8.self) }
    }

    /// Tells recipes apart: everything that goes into an image, among it the form of the spec files.
    func digest() throws(Failure) -> String {
        let sample = RPMPackage(
            name: "a", version: "1", release: "1", requires: ["b"], provides: ["c"],
            files: [
                RPMPackage.File(path: "/d", isDirectory: true), RPMPackage.File(path: "/etc/e", isDirectory: false),
            ], scripts: [RPMPackage.Script(moment: "pre", text: "f")])
        let parts =
            files.filter { $0.key != "host.sh" }.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)" }
            + [SpecFile.text(name: "s", packages: [sample], owners: .root), system.suite, system.recipe]
        return Digest.fnv1a(parts.joined(separator: "\u{0}"))
    }

    var names: PackageNames {
        let files = files
        return PackageNames(
            text: ["rpm-names.txt", "rpm-names-\(system.recipe).txt"].compactMap { files[$0] }.joined(separator: "\n"))
    }

    func write(to folder: String) throws(Failure) {
        for (name, text) in files { try Files.write(text, to: "\(folder)/\(name)") }
    }
}
