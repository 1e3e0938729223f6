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
    }

    /// A line and a column, both from 1.
    public struct Place: Sendable, Equatable {
        public var line: Int
        public var column: Int
    }
}
