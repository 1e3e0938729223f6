import VRRP

extension ElectionSettings {
    /// All addresses that move.
    var virtualAddresses: Set<IPAddress> { Set(routers.flatMap { $0.movingAddresses.map(\.address) }) }

    /// The NICs that any router has to do with.
    var interfaces: Set<String> {
        var names: Set<String> = []
        for router in routers {
            names.insert(router.interface)
            for address in router.movingAddresses { names.insert(address.interface) }
        }
        for target in targets { if case .interface(let name) = target { names.insert(name) } }
        return names
    }

    /// What any router or group depends on.
    var targets: Set<TrackTarget> {
        Set(routers.flatMap { $0.tracked.map(\.target) } + groups.flatMap { $0.tracked.map(\.target) })
    }
}
