/// What a change is done to: `file /etc/sysctl.d/90-haprov.conf`, `service haproxy`. Journals keep it as this text, and services
/// name it in `reload_on`.
///
/// What is at a path is one subject, whichever kind put it there.
package struct Subject: Sendable, Codable, Hashable, CustomStringConvertible {
    /// Of the resource, as playbooks write it.
    package var kind: String
    /// A path, or what else names one among its kind.
    package var name: String

    package init(_ kind: String, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// From its text: the kind's name up to the first blank.
    package init(_ text: String) {
        let end = text.firstIndex(of: " ") ?? text.endIndex
        self.init(String(text[..<end]), String(text[end...].dropFirst()))
    }

    /// What is at a path.
    package static func at(_ path: String) -> Subject { Subject("file", path) }

    /// Where it is at a path: that.
    package var path: String? { name.hasPrefix("/") ? name : nil }

    /// As journals and playbooks write it.
    package var description: String { "\(kind) \(name)" }

    /// Of the same path, or of the same kind and name.
    package static func == (left: Subject, right: Subject) -> Bool {
        left.name == right.name && (left.path != nil || left.kind == right.kind)
    }

    /// Agrees with `==`.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        if path == nil { hasher.combine(kind) }
    }
}
