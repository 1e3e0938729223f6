import YAMLReading

/// Reads an inventory: decoding, defaults, validation and lint in one pass that reports every fault.
package enum InventoryReader {
    /// What a reading gives.
    package struct Reading: Sendable {
        /// Absent where any diagnostic is an error.
        package var cluster: Cluster?
        /// In the order of the file.
        package var diagnostics: [Diagnostic]
        /// Where things stand in the file, by path (`haproxy.version`, `hosts.haproxy1.priority`), for checks made later.
        package var places: [String: SourcePlace]

        /// A diagnostic at the place of a path, or of the nearest enclosing one that the file has.
        package func diagnostic(
            _ severity: Diagnostic.Severity, at path: String, file: String, message: String, remedy: String,
            code: String? = nil
        ) -> Diagnostic {
            let place = SourcePlace.nearest(to: path, in: places)
            return Diagnostic(
                severity: severity, file: file, line: place.line, column: place.column, message: message,
                remedy: remedy, code: code)
        }

        /// Where the password of an instance stands: with its VIP, or with what holds for all.
        package func passwordPath(of instance: VRRPInstance) -> String {
            ["vips.\(instance.vip).password", "vip.password", "vrrp.password"].first { places[$0] != nil }
                ?? "vip.password"
        }
    }

    /// Reads the text of an inventory.
    ///
    /// - Parameters:
    ///   - text: YAML.
    ///   - file: the name that diagnostics show.
    package static func read(_ text: String, file: String) -> Reading {
        let faults = Faults(file: file, document: "the inventory")
        var draft: Draft?
        if let root = YAMLParser.parse(text, faults: faults), !root.isNull {
            if !isInventory(root) {
                // Named by mistake, it may hold what should not be shown: nothing of it is quoted.
                faults.forget()
                faults.error(
                    .start, "this is no inventory: it has none of an inventory's keys",
                    "Name the inventory; `haprov init` writes one with comments to start from.")
            } else if let section = YAMLSection(
                root, path: "", place: root.place, known: InventoryKeys.root, elsewhere: InventoryKeys.homes,
                faults: faults)
            {
                let decoded = InventoryDecoder(root: section).decode()
                CrossChecks(draft: decoded, faults: faults).run()
                InventoryLint(draft: decoded, faults: faults).run()
                draft = decoded
            }
        } else if !faults.hasErrors {
            faults.error(
                .start, "the inventory is empty",
                "`haprov init` writes one with comments to start from.")
        }
        return Reading(
            cluster: faults.hasErrors ? nil : draft?.cluster(), diagnostics: faults.diagnostics, places: faults.places)
    }

    private static func isInventory(_ root: YAMLNode) -> Bool {
        guard case .mapping(let pairs) = root.content else { return false }
        return pairs.contains { InventoryKeys.root.contains($0.key) }
    }
}
