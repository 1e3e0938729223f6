import VRRP

extension KeepalivedConfiguration {
    /// The NICs of instances with `promote_secondaries`, those of their addresses among them.
    var promotingInterfaces: Set<String> {
        var names: Set<String> = []
        for instance in instances where instance.promotesSecondaries {
            names.formUnion([instance.interface].compactMap { $0 })
            names.formUnion((instance.addresses + instance.excludedAddresses).compactMap { $0.interface })
        }
        return names
    }
}

extension ElectionSettings {
    /// All addresses that move.
    var virtualAddresses: Set<IPAddress> { Set(routers.flatMap { $0.movingAddresses.map { $0.address } }) }

    /// The addresses that the settings name to send from, which may be on any NIC.
    var sourceAddresses: Set<IPAddress> { Set(routers.compactMap { $0.sourceAddress }) }

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
        Set(routers.flatMap { $0.tracked.map { $0.target } } + groups.flatMap { $0.tracked.map { $0.target } })
    }

    /// Seconds for which the kernel keeps each address without a refresh: a host whose daemon is dead or stopped lets go by
    /// itself, but not before another has taken over, which would leave the address with nobody. That is three intervals and
    /// a skew of at most one more; the last refresh may be a second old.
    var addressLifetimes: [VirtualAddress: UInt32] {
        var lifetimes: [VirtualAddress: UInt32] = [:]
        for router in routers {
            let down = 4 * router.advertisementInterval.wholeNanoseconds
            let seconds = UInt32(clamping: (down + 999_999_999) / 1_000_000_000 + 1)
            for address in router.movingAddresses {
                lifetimes[address] = max(lifetimes[address] ?? HeldAddresses.leastLifetime, seconds)
            }
        }
        return lifetimes
    }
}
