import Errors
import Inventory

/// One of the inventories that a command was given, read as far as it goes.
struct ListedInventory: Sendable {
    /// As it was named.
    var path: String
    /// nil where the file cannot be read or is faulty: whoever works on it says so.
    var cluster: Cluster?
}

extension ListedInventory {
    /// - Throws: where it is a plan.
    init(_ path: String) throws(Failure) {
        guard try PlanFile.read(path) == nil else {
            throw Failure(
                .input, step: "clusters", summary: "\(path) is a plan, of one cluster",
                remedy: "Carry it out by itself: `haprov apply \(path)`, without options for several clusters.")
        }
        self.path = path
        guard let file = try? InventoryFile(path) else { return }
        let reading = InventoryReader.read(file.text, file: path)
        cluster = reading.cluster
        cluster?.resolvePaths(from: file.folder)
        _ = cluster?.completeLogins(reading, file: path)
    }
}
