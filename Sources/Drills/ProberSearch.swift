import Errors
import Prober
import Provisioning

/// What was seen of a VIP from the places that were tried, none of which got an answer.
struct ProberSearch {
    /// What fails where there is no place.
    static let step = "looking for a place for the prober"

    private let configuration: ProbeConfiguration
    private var found: [String] = []
    /// Whether anything came back at all.
    private var isHeard = false

    init(_ configuration: ProbeConfiguration) { self.configuration = configuration }

    /// - Throws: where the way is open and TLS stands in it: it would from everywhere.
    mutating func note(_ outcomes: [ProbeOutcome: Int], from place: String) throws(Failure) {
        let seen = Self.describe(outcomes)
        if outcomes.keys.contains(where: \.isOfTLS) {
            let name = configuration.tls?.name.map { " -servername \($0)" } ?? ""
            throw Failure(
                .verification, step: Self.step,
                summary:
                    "Expected \(configuration.target) to be one that TLS can be spoken to, found from \(place) \(seen).",
                remedy:
                    "`openssl s_client -connect \(configuration.target)\(name)` shows what is there; `drill.url` says what"
                    + " is asked, `drill.verify` and `drill.ca` what certificates have to be.")
        }
        if !outcomes.keys.allSatisfy({ [.unreachable, .unsent, .timedOut].contains($0) }) { isHeard = true }
        found.append("from \(place) \(seen)")
    }

    /// A place where no prober could be started says nothing of the VIP.
    mutating func note(_ failure: Failure, from place: String) {
        found.append("from \(place) nothing: \(failure.summary)")
    }

    /// Nobody answered.
    func end(_ remedy: String) throws(Failure) -> ProberSite.Choice {
        let failure = Failure(
            .verification, step: Self.step,
            summary: "Expected \(configuration.target) to answer, found \(found.joined(separator: "; ")).",
            remedy: remedy)
        if isHeard { throw failure }
        return .silence(failure)
    }

    private static func describe(_ outcomes: [ProbeOutcome: Int]) -> String {
        let failures = ProbeOutcome.allCases.filter { $0 != .good }
            .compactMap { outcome in outcomes[outcome].map { "\($0) \(outcome.name.replacing("_", with: " "))" } }
        return failures.isEmpty ? "no answer in time" : failures.joined(separator: ", ")
    }
}

extension ProbeOutcome {
    /// Whether TLS, or what it showed, was the reason.
    fileprivate var isOfTLS: Bool { [.handshake, .untrusted, .expired, .misnamed].contains(self) }
}
