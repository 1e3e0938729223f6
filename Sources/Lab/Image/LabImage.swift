import Foundation

/// The layers that hosts start from, as they lie in the cache.
struct LabImage: Codable, Equatable {
    /// The folder of this image.
    var path: String

    /// Layers below a host's own disk, topmost first.
    func layers(isBalancer: Bool) -> [String] {
        [path + (isBalancer ? "/balancer" : "/application"), path + "/base"]
    }

    /// The packages that balancers can install.
    func repository(of system: LabSystem) -> String { "\(path)/\(system.repository)" }

    var exists: Bool { Files.exists(path + "/complete") }
}
