import Inventory
import Texts
import YAMLReading

/// Renders a playbook's steps for one host and reads them as resources; whatever is wrong is collected on the way.
struct StepRenderer {
    let playbook: Playbook
    /// Templates by file name.
    let templates: [String: String]
    /// Where templates are that lie elsewhere.
    let places: [String: String]
    let values: TemplateContext
    let host: Host
    private(set) var faults: [Diagnostic] = []

    init(
        _ playbook: Playbook, templates: [String: String], places: [String: String], values: TemplateContext, host: Host
    ) {
        self.playbook = playbook
        self.templates = templates
        self.places = places
        self.values = values
        self.host = host
    }

    mutating func resources(of steps: [PlaybookStep]) -> [any Resource] {
        var resources: [any Resource] = []
        for step in steps {
            if let resource = resource(step) { resources.append(resource) }
        }
        return resources
    }

    private mutating func resource(_ step: PlaybookStep) -> (any Resource)? {
        // Of every field, so that a fault is found whether or not the step is taken on this host.
        let when = step.when.map { rendered($0) }
        let fields = step.fields.map { field in
            let parts = field.texts.map { rendered($0) }
            return Fields.Entry(
                name: field.name,
                text: parts.contains { $0 == nil } ? nil : parts.compactMap { $0 }.joined(separator: "\n"),
                place: field.place, valuePlace: field.valuePlace)
        }
        if let when, when?.trimmingBlanks().isEmpty ?? true { return nil }
        guard let kind = ResourceKinds.named(step.kind) else { return nil }
        do throws(PlaybookError) {
            return try kind.init(
                Fields(fields, of: kind, file: playbook.file, place: step.place),
                context: ResourceContext(host: host, values: values, templates: templates, places: places))
        } catch {
            faults += error.faults
            return nil
        }
    }

    /// Nil where it has faults.
    private mutating func rendered(_ text: YAMLSection.Located<String>) -> String? {
        let found = values.faults(in: text.value)
        faults += found.map { $0.diagnostic(file: playbook.file, at: playbook.place($0.place, in: text)) }
        return found.isEmpty ? values.render(text.value) : nil
    }
}

extension TemplateFault {
    func diagnostic(file: String, at place: SourcePlace) -> Diagnostic {
        Diagnostic(
            severity: .error, file: file, line: place.line, column: place.column, message: message, remedy: remedy)
    }
}
