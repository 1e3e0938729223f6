/// A program that speaks VRRP, and all in which it differs from the others: a value a file beside this one. Whoever adds one
/// names it in ``all`` and gives it its unit and its steps in `Playbooks`.
package struct Engine: Sendable {
    /// As inventories name it, and playbooks by `engine.NAME`.
    package let name: String
    /// The program's name, which is that of its service too.
    package let program: String
    /// What the inventory chooses for it; nil where haprov brings it along, as a program of its own.
    let choice: (@Sendable (Cluster) -> ProgramChoice?)?
    /// Whether it refuses a configuration by itself before it is to go by it; where it does not, haprov's own reader judges.
    let testsConfiguration: @Sendable (Cluster) -> Bool
    /// Whether its children go on where its service ends.
    package let leavesChildren: Bool
    /// Whether hosts may run another one for something else: known to be about that, it is left alone.
    package let hasOtherUses: Bool
    /// Whether a process of it only reads a configuration, asks or listens, by its arguments.
    package let endsByItself: @Sendable (_ arguments: [String]) -> Bool
    /// Milliseconds, at worst, from HAProxy's death until its balancer looks at it.
    let detection: @Sendable (HealthCheck) -> Int
    /// Milliseconds for which nobody holds an instance's addresses when they return to a higher priority.
    let returnWithoutHolder: @Sendable (VRRPInstance, Cluster) -> Int

    /// Every engine there is, the usual one first.
    package static let all = [keepalived, vrrpd]

    /// The configuration that every engine reads.
    package static let configuration = "/etc/keepalived/keepalived.conf"

    /// The name of its systemd unit.
    package var unit: String { "\(program).service" }

    /// Whether haprov brings it along, so that an inventory need not say where it comes from.
    package var isOwn: Bool { choice == nil }

    /// The units of all engines, of which a host runs one at most.
    package static var units: [String] { all.map(\.unit) }

    /// The engine of a name in inventories.
    package static func named(_ name: String) -> Engine? { all.first { $0.name == name } }

    /// The engine whose program has a name.
    package static func running(_ program: String) -> Engine? { all.first { $0.program == program } }
}

/// Names are unique.
extension Engine: Equatable, CustomStringConvertible {
    package static func == (one: Engine, other: Engine) -> Bool { one.name == other.name }

    package var description: String { name }
}
