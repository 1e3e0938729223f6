import Errors
import Foundation
import Inventory
import Provisioning
import YAMLReading

/// The inventory that a command works on.
struct InventoryFile {
    var path: String
    var text: String

    /// The argument, or `$HAPROV_INVENTORY`, or `./inventory.yml`.
    ///
    /// - Throws: an input failure where it cannot be read.
    init(_ argument: String?) throws(Failure) {
        let own = ProcessInfo.processInfo.environment["HAPROV_INVENTORY"].flatMap { $0.isEmpty ? nil : $0 }
        path = argument ?? own ?? "inventory.yml"
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            let isThere = access(path, F_OK) == 0
            throw Failure(
                .input, step: "inventory",
                summary: isThere ? "\(path) cannot be read" : "there is no file \(path)",
                remedy: isThere
                    ? "Look at its rights."
                    : "`haprov init` writes an example; $HAPROV_INVENTORY or the command's argument names another.")
        }
        guard let decoded = String(data: data, encoding: .utf8) else {
            throw Failure(.input, step: "inventory", summary: "\(path) is not UTF-8", remedy: "Save it as UTF-8.")
        }
        text = decoded
    }

    /// The folder that relative paths start from.
    var folder: String {
        URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    }
}

/// Why an inventory, or the playbook that goes with it, cannot be used: everything that was found.
struct InputFaults: Error {
    var inventory: [Diagnostic]
    var playbook: [Diagnostic] = []
}
