import Inventory

/// Which balancers a drill strikes.
enum Reach: Sendable {
    /// The one that holds VIPs.
    case holder
    /// The one that takes over from it.
    case successor
    /// All but the successor, the holder last.
    case allButSuccessor
    /// All of them at once.
    case everybody
    /// The holder, then whoever took over, until one is left.
    case oneAfterTheOther

    /// In the order in which they are struck.
    func hosts(from holder: Host, to successor: Host, sharing instance: VRRPInstance, in cluster: Cluster) -> [Host] {
        let others = cluster.balancers(of: instance).filter { $0.name != holder.name }
        switch self {
        case .holder: return [holder]
        case .successor: return [successor]
        case .allButSuccessor: return others.filter { $0.name != successor.name } + [holder]
        case .everybody: return cluster.balancers
        case .oneAfterTheOther: return [holder] + others.dropLast()
        }
    }
}
