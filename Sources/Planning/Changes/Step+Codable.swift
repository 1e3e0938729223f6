/// A change by the name of its host function, so that the type is found again.
private struct CodedChange: Codable {
    var change: any Change

    private enum Key: String, CodingKey { case function, change }

    init(_ change: any Change) { self.change = change }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let function = try fields.decode(String.self, forKey: .function)
        guard let type = ResourceKinds.changeType(of: function) else {
            throw DecodingError.dataCorruptedError(
                forKey: .function, in: fields, debugDescription: "there is no change \(function)")
        }
        change = try fields.decode(type, forKey: .change)
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(change.function, forKey: .function)
        try fields.encode(change, forKey: .change)
    }
}

extension Step {
    private enum Key: String, CodingKey { case change, check, undo }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        if let coded = try fields.decodeIfPresent(CodedChange.self, forKey: .change) {
            self = .change(coded.change)
        } else if let check = try fields.decodeIfPresent(Check.self, forKey: .check) {
            self = .check(check)
        } else {
            self = .undo(try fields.decode(Undo.self, forKey: .undo))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        switch self {
        case .change(let change): try fields.encode(CodedChange(change), forKey: .change)
        case .check(let check): try fields.encode(check, forKey: .check)
        case .undo(let undo): try fields.encode(undo, forKey: .undo)
        }
    }
}

extension Undo {
    private enum Key: String, CodingKey { case run, number, subject, summary, change, owner, marksOnly, edit }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(
            run: try fields.decode(String.self, forKey: .run), number: try fields.decode(String.self, forKey: .number),
            subject: try fields.decode(Subject.self, forKey: .subject),
            summary: try fields.decode(String.self, forKey: .summary),
            change: try fields.decodeIfPresent(CodedChange.self, forKey: .change)?.change,
            owner: try fields.decode(UndoOwner.self, forKey: .owner),
            marksOnly: try fields.decode(Bool.self, forKey: .marksOnly))
        edit = try fields.decodeIfPresent(String.self, forKey: .edit)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(run, forKey: .run)
        try fields.encode(number, forKey: .number)
        try fields.encode(subject, forKey: .subject)
        try fields.encode(summary, forKey: .summary)
        try fields.encodeIfPresent(change.map(CodedChange.init), forKey: .change)
        try fields.encode(owner, forKey: .owner)
        try fields.encode(marksOnly, forKey: .marksOnly)
        try fields.encodeIfPresent(edit, forKey: .edit)
    }
}
