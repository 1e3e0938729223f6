import FoundationEssentials
import Inventory
public struct AssetStore: Sendable {
    var folder: String
    public init(folder: String) { self.folder = folder }
    func checksum(_ product: String, _ version: String) -> String? { "x" }
    func fileName(_ product: String, _ version: String) -> String { "\(product)_\(version).orig.tar.gz" }
    func tarball(_ product: String, _ version: String) throws(Failure) -> (path: String, sha256: String) {
        (folder + "/" + fileName(product, version), "x")
    }
    public func diagnostics(for: Cluster, reading: InventoryReader.Reading, file: String) -> [Diagnostic] { [] }
}
