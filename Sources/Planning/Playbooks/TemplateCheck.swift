import YAMLReading

/// Finds names in a template that stand for nothing where they are: rendered, they would leave a gap unnoticed.
struct TemplateCheck {
    private let root: TemplateShape
    private(set) var faults: [TemplateFault] = []

    /// What names are looked up in: the innermost section's value is the last.
    private struct Surroundings {
        var frames: [TemplateShape]
        /// Whether the innermost of them is an element of a list.
        var isInList = false
    }

    /// - Parameter root: what stands at a template's top level.
    init(_ nodes: [TemplateNode], root: TemplateShape) {
        self.root = root
        check(nodes, in: Surroundings(frames: [root]))
    }

    private mutating func check(_ nodes: [TemplateNode], in around: Surroundings) {
        for node in nodes {
            switch node {
            case .value(let reference): checkValue(reference, in: around)
            case .section(let reference, let isInverted, let nodes):
                var inner = around
                switch reference.map({ shape(of: $0, in: around) }) ?? .unknown {
                case .flag: break
                case _ where isInverted: break
                case .list(let element):
                    inner.frames.append(element)
                    inner.isInList = true
                case let value:
                    inner.frames.append(value)
                    inner.isInList = value == .unknown
                }
                check(nodes, in: inner)
            }
        }
    }

    private mutating func checkValue(_ reference: TemplateReference, in around: Surroundings) {
        let name = reference.spelling
        switch shape(of: reference, in: around) {
        case .text, .flag, .number, .unknown: break
        case .list(let element):
            let members = element.memberNames
            let within = members.isEmpty ? "{{.}}" : "{{\(members[0])}}"
            fault(
                reference, "`\(name)` is a list",
                "Write a section, which is repeated for each of its elements: `{{#\(name)}}\(within) {{/\(name)}}`.")
        case .group(let members):
            let whole = name == "." ? "" : "\(name)."
            let names = members.filter { $0.shape == .text || $0.shape == .flag }.map { "\(whole)\($0.name)" }
            fault(
                reference, "`\(name)` is a group of values and cannot be written out",
                "Name one of them: \(names.enumeration).")
        }
    }

    /// What a tag's name stands for; `unknown` once a fault was reported.
    private mutating func shape(of reference: TemplateReference, in around: Surroundings) -> TemplateShape {
        var functions = reference.functions
        var shape: TemplateShape
        if reference.path.isEmpty {
            // `last()`: where one is in the list.
            guard let function = functions.popLast(), around.isInList, let found = TemplateShape.position(function)
            else {
                fault(
                    reference,
                    around.isInList
                        ? "there is no function `\(reference.spelling)` of the place in a list"
                        : "`\(reference.spelling)` asks for the place in a list, outside of a section over one",
                    "Within such a section there are `first()`, `last()`, `index()`, `even()` and `odd()`.")
                return .unknown
            }
            shape = found
        } else {
            guard let found = lookUp(reference, in: around) else { return .unknown }
            shape = found
        }
        while let function = functions.popLast() {
            guard let next = shape.applying(function) else {
                fault(
                    reference, "the function `\(function)` in `\(reference.spelling)` makes nothing of this value",
                    "Texts know capitalized, lowercased, uppercased, reversed and empty; lists first, last, reversed, "
                        + "count and empty; numbers plusone, minusone, even and odd.")
                return .unknown
            }
            shape = next
        }
        return shape
    }

    /// The first part is looked for from the innermost section outwards, the others in what was found.
    private mutating func lookUp(_ reference: TemplateReference, in around: Surroundings) -> TemplateShape? {
        let path = reference.path
        let top = around.frames.last ?? root
        if path == "." { return top }
        let parts = path.split(separator: ".").map(String.init)
        // `.name` looks no further than the innermost section.
        let frames = path.hasPrefix(".") ? [top] : around.frames.reversed()
        guard let first = parts.first, var shape = frames.lazy.compactMap({ $0.member(first) }).first else {
            unknown(reference, parts.first ?? path, among: frames.flatMap(\.memberNames), rest: parts.dropFirst())
            return nil
        }
        for (index, part) in parts.enumerated().dropFirst() {
            guard let next = shape.member(part) else {
                missing(part, of: parts[..<index].joined(separator: "."), shape, reference)
                return nil
            }
            shape = next
        }
        return shape
    }

    private mutating func unknown(
        _ reference: TemplateReference, _ name: String, among names: [String], rest: ArraySlice<String>
    ) {
        let meant = NearestName.of(name, among: names).map { ([$0] + rest).joined(separator: ".") }
        fault(
            reference, "there is no value `\(name)` here",
            (rest.isEmpty ? elsewhere(name) : nil) ?? meant.map { "Did you mean `\($0)`?" }
                ?? elsewhere(rest.last ?? name)
                ?? "Known here: \(names.joined(separator: ", ")). Playbooks/README.md says what they are.")
    }

    private mutating func missing(
        _ part: String, of path: String, _ shape: TemplateShape, _ reference: TemplateReference
    ) {
        if case .list(let element) = shape {
            return fault(
                reference, "`\(path)` is a list: `\(part)` is asked of each of its elements",
                "Write `{{#\(path)}}{{\(NearestName.of(part, among: element.memberNames) ?? part)}}{{/\(path)}}`.")
        }
        let names = shape.memberNames
        let meant = NearestName.of(part, among: names).map { "Did you mean `\(path).\($0)`?" }
        fault(
            reference, "`\(path)` has no `\(part)`",
            meant ?? elsewhere(part)
                ?? (names.isEmpty
                    ? "Write `\(path)` alone."
                    : "`\(path)` has \(names.joined(separator: ", ")). See Playbooks/README.md."))
    }

    /// Where a name is known, if not here.
    private func elsewhere(_ name: String) -> String? {
        var direct: [String] = []
        var lists: [String] = []
        func search(_ shape: TemplateShape, _ path: String, within sections: String) {
            switch shape {
            case .group(let members):
                for member in members {
                    let path = path.isEmpty ? member.name : "\(path).\(member.name)"
                    if member.name == name, sections.isEmpty { direct.append(path) }
                    search(member.shape, path, within: sections)
                }
            case .list(let element):
                let sections = sections + "{{#\(path)}}"
                if element.member(name) != nil { lists.append(sections) }
                search(element, "", within: sections)
            case .text, .flag, .number, .unknown: break
            }
        }
        search(root, "", within: "")
        if !direct.isEmpty { return "Did you mean \(direct.enumeration)?" }
        return lists.isEmpty ? nil : "`\(name)` is known within \(lists.enumeration)."
    }

    private mutating func fault(_ reference: TemplateReference, _ message: String, _ remedy: String) {
        faults.append(TemplateFault(place: reference.place, message: message, remedy: remedy))
    }
}
