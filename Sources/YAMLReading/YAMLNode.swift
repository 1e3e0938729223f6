/// A value of a YAML document together with where it stands, anchors and merge keys resolved.
package struct YAMLNode: Sendable {
    package indirect enum Content: Sendable {
        /// The text as it was written; `quoted` tells `"1"` from `1`.
        case scalar(String, quoted: Bool)
        case sequence([YAMLNode])
        /// In the order of the file, keys unique.
        case mapping([Pair])
    }

    /// A key and its value.
    package struct Pair: Sendable {
        package var key: String
        /// Where the key stands.
        package var place: SourcePlace
        package var value: YAMLNode

        /// Where a fault of the value is shown: at a scalar itself, at the key of a collection or of nothing.
        package var valuePlace: SourcePlace {
            if case .scalar = value.content, !value.isNull { return value.place }
            return place
        }
    }

    package var place: SourcePlace
    package var content: Content
    /// Whether pairs of this mapping were faulty and are left out, so that what seems to be missing may not be.
    package var isIncomplete = false

    /// Whether nothing was written: `key:`, `~` or `null`.
    package var isNull: Bool {
        if case .scalar(let text, quoted: false) = content { return ["", "~", "null", "Null", "NULL"].contains(text) }
        return false
    }

    /// What kind of value it is, for messages.
    package var kind: String {
        switch content {
        case .scalar(let text, _): isNull ? "nothing" : "`\(text)`"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
