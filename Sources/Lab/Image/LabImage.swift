import Foundation

/// The layers that hosts start from, as they lie in the cache.
struct LabImage: Codable, Equatable {
    /// The folder of this image.
    var path: String

    /// Layers below a host's own disk, topmost first.
    func layers(isBalancer: Bool) -> [String] {
        [path + (isBalancer ? "/balancer" : "/application"), path + "/base"]
    }

    /// A repository of RPMs, of which balancers can install.
    var rpms: String { path + "/rpms" }

    var exists: Bool { Files.exists(path + "/complete") }
}
