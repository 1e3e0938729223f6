/// What a template's value is like.
indirect enum TemplateShape: Sendable, Equatable {
    case text
    case flag
    case number
    /// A section over it is rendered for each of its elements.
    case list(TemplateShape)
    case group([TemplateMember])
    /// What follows from a fault that was reported.
    case unknown

    /// A member by its name; nil where there is none.
    func member(_ name: String) -> TemplateShape? {
        switch self {
        case .group(let members): members.first { $0.name == name }?.shape
        case .unknown: .unknown
        case .text, .flag, .number, .list: nil
        }
    }

    var memberNames: [String] {
        if case .group(let members) = self { return members.map(\.name) }
        return []
    }

    /// With more members.
    func adding(_ more: [TemplateMember]) -> TemplateShape {
        guard case .group(let members) = self else { return self }
        return .group(members + more.sorted { $0.name < $1.name })
    }

    /// What a function of the library's makes of it; nil where it makes nothing.
    func applying(_ function: String) -> TemplateShape? {
        switch (self, function) {
        case (.unknown, _): .unknown
        case (.text, "capitalized"), (.text, "lowercased"), (.text, "uppercased"), (.text, "reversed"): .text
        case (.text, "empty"), (.list, "empty"), (.group, "empty"): .flag
        case (.list, "count"), (.group, "count"): .number
        case (.list(let element), "first"), (.list(let element), "last"): element
        case (.list, "reversed"): self
        case (.group, "enumerated"), (.group, "sorted"): .list(.unknown)
        case (.number, "even"), (.number, "odd"), (.number, "equalzero"): .flag
        case (.number, "plusone"), (.number, "minusone"): .number
        default: nil
        }
    }

    /// What a function without a value gives within a section over a list: where in the list one is.
    static func position(_ function: String) -> TemplateShape? {
        switch function {
        case "first", "last", "even", "odd": .flag
        case "index": .number
        default: nil
        }
    }
}

/// A named part of a group of values.
struct TemplateMember: Sendable, Equatable {
    var name: String
    var shape: TemplateShape
}
