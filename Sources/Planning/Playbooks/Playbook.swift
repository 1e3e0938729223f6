import YAMLReading

/// What is done to hosts of one role, as an operator can read and change it: steps of resource kinds, in order.
package struct Playbook: Sendable {
    package let file: String
    /// All hosts at once, before anything that serves is touched.
    package internal(set) var prepare: [PlaybookStep] = []
    /// One host at a time.
    package internal(set) var rollout: [PlaybookStep] = []
    /// What was wrong in its text; steps with such a fault are left out.
    package let faults: [Diagnostic]
    private let source: SourceLines

    /// Reads a playbook's text.
    package init(_ text: String, file: String) {
        self.file = file
        source = SourceLines(text)
        let faults = Faults(file: file, document: "the playbook")
        (prepare, rollout) = PlaybookReader(faults: faults).read(text)
        self.faults = faults.diagnostics
    }

    /// Where a place within a text of the playbook stands in the file.
    func place(_ place: SourcePlace, in text: YAMLSection.Located<String>) -> SourcePlace {
        source.place(place, of: text.value, at: text.place)
    }
}

/// A step before it is rendered for a host.
package struct PlaybookStep: Sendable {
    package var kind: String
    package var fields: [PlaybookField]
    /// Left out for hosts for which this renders to nothing.
    package var when: YAMLSection.Located<String>?
    package var place: SourcePlace
}

/// A field of a step before it is rendered for a host.
package struct PlaybookField: Sendable {
    package var name: String
    /// Where its name stands.
    package var place: SourcePlace
    /// Several where a list was written; they are lines of one text to the kind.
    package var texts: [YAMLSection.Located<String>]
    /// Where a fault of its value is shown.
    package var valuePlace: SourcePlace
}
