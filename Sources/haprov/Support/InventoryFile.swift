import Foundation
import Inventory

/// The inventory that a command works on.
struct InventoryFile {
    var path: String
    var text: String

    /// The argument, or `$HAPROV_INVENTORY`, or `./inventory.yml`.
    init(_ argument: String?) throws {
        path = argument ?? ProcessInfo.processInfo.environment["HAPROV_INVENTORY"] ?? "inventory.yml"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InventoryFaults(diagnostics: [
                Diagnostic(
                    severity: .error, file: path, line: 1, column: 1, message: "cannot be read",
                    remedy:
                        "`haprov init` writes an example; $HAPROV_INVENTORY or the command's argument names another.")
            ])
        }
        guard let decoded = String(data: data, encoding: .utf8) else {
            throw InventoryFaults(diagnostics: [
                Diagnostic(
                    severity: .error, file: path, line: 1, column: 1, message: "is not UTF-8",
                    remedy: "Save it as UTF-8.")
            ])
        }
        text = decoded
    }

    /// The folder that relative paths start from.
    var folder: String {
        URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    }
}

/// Why an inventory cannot be used.
struct InventoryFaults: Error {
    var diagnostics: [Diagnostic]
}
