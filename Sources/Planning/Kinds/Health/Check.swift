/// A look at a host in the course of a run, which must come out well for the run to go on. Changes nothing.
package enum Check: Sendable, Equatable, Codable {
    /// The unit is active, and stays so.
    case unitStaysUp(String)
    /// Something answers there; the address `*` stands for any.
    case answers(address: String, port: String)
    /// A command ends as it should.
    case script([String], succeeds: Bool)

    /// Seconds to wait for it.
    private static let patience = "60"

    /// The unit that it is about.
    package var unit: String? {
        if case .unitStaysUp(let unit) = self { return unit }
        return nil
    }

    /// The function of `health.sh`.
    package var function: String {
        switch self {
        case .unitStaysUp: "health_active"
        case .answers: "health_port"
        case .script: "health_script"
        }
    }

    package var arguments: [String] {
        switch self {
        case .unitStaysUp(let unit): [unit, Self.patience]
        case .answers(let address, let port): [address, port, Self.patience]
        case .script(let words, let succeeds): [succeeds ? "succeeds" : "fails"] + words
        }
    }

    package var summary: String {
        switch self {
        case .unitStaysUp(let unit):
            "see that \(unit.hasSuffix(".service") ? String(unit.dropLast(8)) : unit) stays up"
        case .answers(let address, let port): "see that something answers on \(address):\(port)"
        case .script(let words, let succeeds):
            "see that `\(words.joined(separator: " "))` \(succeeds ? "succeeds" : "fails")"
        }
    }
}
