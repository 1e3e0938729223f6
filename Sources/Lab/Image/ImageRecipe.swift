import Errors
import Foundation

/// How the image is made: the scripts and lists of `Recipes`, and the names that packages get.
struct ImageRecipe {
    var system: LabSystem

    /// The files of `Recipes` by name.
    let files: [String: String] = [
        "image.sh": text(PackageResources.image_sh), "layers.sh": text(PackageResources.layers_sh),
        "balancer-centos7.sh": text(PackageResources.balancer_centos7_sh),
        "balancer-debian.sh": text(PackageResources.balancer_debian_sh),
        "rpms.sh": text(PackageResources.rpms_sh), "packages.txt": text(PackageResources.packages_txt),
        "rpm-names.txt": text(PackageResources.rpm_names_txt), "lab-network": text(PackageResources.lab_network),
        "network.service": text(PackageResources.network_service), "os-release": text(PackageResources.os_release),
        "host.sh": text(PackageResources.host_sh), "nginx.conf": text(PackageResources.nginx_conf),
        "rsyslog.conf": text(PackageResources.rsyslog_conf),
    ]

    /// Tells recipes apart: everything that goes into an image, among it the form of the spec files.
    func digest() throws(Failure) -> String {
        let sample = RPMPackage(
            name: "a", version: "1", release: "1", requires: ["b"], provides: ["c"],
            files: [RPMPackage.File(path: "/d", isDirectory: true)])
        let parts =
            files.filter { $0.key != "host.sh" }.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)" }
            + [SpecFile.text(name: "s", packages: [sample], owners: .root), system.suite, system.recipe]
        return Digest.fnv1a(parts.joined(separator: "\u{0}"))
    }

    var names: PackageNames { PackageNames(text: files["rpm-names.txt"] ?? "") }

    func write(to folder: String) throws(Failure) {
        for (name, text) in files { try Files.write(text, to: "\(folder)/\(name)") }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
