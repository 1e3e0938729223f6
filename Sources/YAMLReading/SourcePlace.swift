/// A line and a column of a text, both from 1.
package struct SourcePlace: Sendable, Equatable {
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int

    /// From its parts.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// A text's beginning.
    package static let start = SourcePlace(line: 1, column: 1)

    /// The place of a path such as `haproxy.version`, or else of the nearest enclosing one that is known, or else the
    /// text's beginning.
    package static func nearest(to path: String, in places: [String: SourcePlace]) -> SourcePlace {
        var path = path[...]
        while true {
            if let place = places[String(path)] { return place }
            guard let dot = path.lastIndex(of: ".") else { return .start }
            path = path[..<dot]
        }
    }
}
