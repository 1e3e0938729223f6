/// Routers that are master together, or none of them.
struct SyncGroup: Sendable {
    var name: String
    /// Indices of its routers.
    var members: [Int]
    var state = RouterState.initialize

    /// What is down for one of its members or another.
    func down(_ routers: [VirtualRouter]) -> [TrackTarget] {
        var down: [TrackTarget] = []
        for member in members {
            for target in routers[member].down where !down.contains(target) { down.append(target) }
        }
        return down
    }
}
