/// What is done to a systemd unit.
package struct UnitChange: Change {
    package enum Verb: String, Sendable, Codable, CaseIterable {
        /// systemd reads unit files again; of no unit in particular.
        case reread
        case enable
        case disable
        case start
        case stop
        case restart
        case reload

        fileprivate var function: String { "service_\(rawValue)" }

        /// Nil for functions of other kinds.
        package init?(function: String) {
            guard let verb = Self.allCases.first(where: { $0.function == function }) else { return nil }
            self = verb
        }

        /// Whether the service goes on with its files as they are then.
        package var takesUpFiles: Bool { [.start, .restart, .reload].contains(self) }
        /// Whether it says if the unit starts at boot.
        package var isAboutBoot: Bool { [.enable, .disable].contains(self) }
    }

    package static let functions = Verb.allCases.map(\.function)
    package var function: String { verb.function }
    package var verb: Verb
    /// With its suffix, such as `haproxy.service`.
    package var unit: String
    /// The service's name, as the playbook has it.
    package var service: String
    /// Seconds to wait for what is asked.
    package var patience = 60

    package init(_ verb: Verb, unit: String, service: String) {
        self.verb = verb
        self.unit = unit
        self.service = service
    }

    package init?(function: String, arguments: [String]) {
        guard let verb = Verb(function: function), verb == .reread || !arguments.isEmpty else { return nil }
        let unit = arguments.first ?? ""
        self.init(verb, unit: unit, service: unit.hasSuffix(".service") ? String(unit.dropLast(8)) : unit)
        patience = arguments.dropFirst().first.flatMap { Int($0) } ?? patience
    }

    package var arguments: [String] {
        switch verb {
        case .reread: []
        case .enable, .disable: [unit]
        case .start, .stop, .restart, .reload: [unit, "\(patience)"]
        }
    }

    package var subject: Subject { Subject(ServiceResource.kind, service) }
    package var isBarrier: Bool { true }
    package var writes: [String] { ["/etc", "/var/lib"] }
    package var bearing: FailoverBearing { verb == .stop ? .stop(unit: unit) : .none }

    package var summary: String {
        switch verb {
        case .reread: "have systemd read its unit files again"
        case .enable: "start \(service) at boot"
        case .disable: "do not start \(service) at boot any more"
        case .start, .stop, .restart, .reload: "\(verb.rawValue) \(service)"
        }
    }

    /// Once is enough to take up old files; a restart does what a reload does.
    package func covers(_ later: any Change) -> Bool {
        guard let later = later as? UnitChange, later.unit == unit else { return false }
        return switch verb {
        case .reread, .reload: later.verb == verb
        case .restart: [.restart, .reload].contains(later.verb)
        case .enable, .disable, .start, .stop: false
        }
    }
}
