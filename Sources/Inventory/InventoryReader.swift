/// Reads an inventory: decoding, defaults, validation and lint in one pass that reports every fault.
public enum InventoryReader {
    /// What a reading gives.
    public struct Reading: Sendable {
        /// Absent where any diagnostic is an error.
        public var cluster: Cluster?
        /// In the order of the file.
        public var diagnostics: [Diagnostic]
        /// Where things stand in the file, by path (`haproxy.version`, `hosts.haproxy1.priority`), for checks made later.
        public var places: [String: Place]

        /// A diagnostic at the place of a path, or of the nearest enclosing one that the file has.
        public func diagnostic(
            _ severity: Diagnostic.Severity, at path: String, file: String, message: String, remedy: String
        ) -> Diagnostic {
            let place = Place.nearest(to: path, in: places)
            return Diagnostic(
                severity: severity, file: file, line: place.line, column: place.column, message: message,
                remedy: remedy)
        }
    }

    /// A line and a column, both from 1.
    public struct Place: Sendable, Equatable {
        /// From 1.
        public var line: Int
        /// From 1, in Unicode scalars.
        public var column: Int

        /// From its parts.
        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        static func nearest(to path: String, in places: [String: Place]) -> Place {
            var path = path[...]
            while true {
                if let place = places[String(path)] { return place }
                guard let dot = path.lastIndex(of: ".") else { return Place(line: 1, column: 1) }
                path = path[..<dot]
            }
        }
    }

    /// Reads the text of an inventory.
    ///
    /// - Parameters:
    ///   - text: YAML.
    ///   - file: the name that diagnostics show.
    public static func read(_ text: String, file: String) -> Reading {
        let faults = Faults(file: file)
        var draft: Draft?
        if let root = YAMLParser.parse(text, faults: faults), !root.isNull {
            if !isInventory(root) {
                // Named by mistake, it may hold what should not be shown: nothing of it is quoted.
                faults.forget()
                faults.error(
                    Place(line: 1, column: 1), "this is no inventory: it has none of an inventory's keys",
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
                Place(line: 1, column: 1), "the inventory is empty",
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
