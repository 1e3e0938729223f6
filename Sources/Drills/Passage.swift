import Inventory

/// A VIP in a drill: who holds it when something is broken, who is to have it then, and what is seen of it.
struct Passage: Sendable {
    let instance: VRRPInstance
    let holder: Host
    /// The next in line after its holder.
    let successor: Host
    /// From where it is asked; nil where it is not.
    let site: ProberSite?
    /// Whether the balancer that holds it is the one that is struck.
    let isStruck: Bool
    /// How sentences call it: the VIP, where there is no other.
    let title: String
    /// What is measured of it, as of a drill's only one.
    var report: DrillReport
    var probe: (any ClientProbe)?
    /// How many good answers its clients had by when.
    var samples: Task<ServiceRecord, Never>?
}
