extension InstanceDefinition {
    /// That of the advertised addresses; without any, that of the hosts' own.
    var family: AddressFamily {
        if nativeIPv6 { return .ipv6 }
        return addresses.first?.address.family ?? sourceAddress?.family ?? unicastPeers.first?.family ?? .ipv4
    }
}

extension KeepalivedConfiguration {
    /// IPv6 is version 3 unless something says otherwise.
    func version(of instance: InstanceDefinition) -> ProtocolVersion {
        instance.version ?? (instance.family == .ipv6 ? .v3 : global.version ?? .v2)
    }

    /// 100, or with `state MASTER` the owner's.
    func priority(of instance: InstanceDefinition) -> UInt8 {
        instance.priority ?? (instance.startsAsMaster == true ? 255 : 100)
    }

    /// What the election goes by, every default filled in. Only for a configuration that was read without an error.
    package var electionSettings: ElectionSettings {
        ElectionSettings(
            routers: withPreferences(instances.map(settings)),
            groups: groups.map { group in
                SyncGroupSettings(
                    name: group.name, routers: group.members,
                    tracked: items(
                        group.trackedScripts, group.trackedProcesses, group.trackedInterfaces, group.trackedFiles))
            })
    }

    /// Rules without one have the preferences that keepalived gives them: downwards from this one, in each family.
    private static let lastPreference: UInt32 = 16384

    private func withPreferences(_ routers: [RouterSettings]) -> [RouterSettings] {
        var routers = routers
        var next = [AddressFamily.ipv4: Self.lastPreference, .ipv6: Self.lastPreference]
        for router in routers.indices {
            for index in routers[router].routes.rules.indices
            where routers[router].routes.rules[index].preference == nil {
                let family = routers[router].routes.rules[index].family
                routers[router].routes.rules[index].preference = next[family]
                next[family]? -= 1
            }
        }
        return routers
    }

    private func settings(_ instance: InstanceDefinition) -> RouterSettings {
        let version = version(of: instance)
        let interface = instance.interface ?? ""
        var settings = RouterSettings(
            name: instance.name, interface: interface, virtualRouterID: instance.virtualRouterID ?? 0,
            addresses: instance.addresses.map { $0.placed(on: interface) }, version: version, family: instance.family)
        settings.priority = priority(of: instance)
        settings.advertisementInterval = instance.advertisementInterval ?? .seconds(1)
        settings.preempt = !instance.noPreempt
        settings.preemptDelay = instance.noPreempt ? .zero : instance.preemptDelay ?? .zero
        settings.startsAsMaster = instance.startsAsMaster ?? false
        settings.routes = instance.routes
        settings.excludedAddresses = instance.excludedAddresses.map { $0.placed(on: interface) }
        if version == .v2, let authentication = instance.authentication {
            settings.authentication = .simple(Password(authentication.password))
        }
        settings.checksum = instance.checksumAsVersion2 ? .messageOnly : .withPseudoHeader
        settings.sourceAddress = instance.sourceAddress
        settings.unicastPeers = instance.unicastPeers
        settings.peerHopLimits = instance.peerHopLimits
        settings.checksUnicastSource =
            global.checksUnicastSource || instance.checksUnicastSource || !instance.peerHopLimits.isEmpty
        settings.multicastGroup =
            instance.multicastGroup
            ?? (instance.family == .ipv4 ? global.multicastGroup4 : global.multicastGroup6)
        settings.announcements = announcements(instance.announcements)
        settings.tracksInterface = !instance.ignoresPrimaryInterface
        settings.tracked = items(
            instance.trackedScripts, instance.trackedProcesses,
            instance.trackedInterfaces.filter { $0.name != instance.interface }, instance.trackedFiles)
        // Nothing lowers an owner's priority, so keepalived does not track what would.
        if settings.priority == 255 { settings.tracked.removeAll { $0.weight != 0 } }
        return settings
    }

    private func announcements(_ own: AnnouncementDefinitions) -> AnnouncementSettings {
        let all = global.announcements
        var settings = AnnouncementSettings()
        settings.count = own.count ?? all.count ?? settings.count
        settings.delay = own.delay ?? all.delay ?? settings.delay
        settings.countAfterDelay = settings.count
        settings.refresh = own.refresh ?? all.refresh ?? settings.refresh
        settings.refreshCount = own.refreshCount ?? all.refreshCount ?? settings.refreshCount
        settings.countAfterLowerPriority = own.countAfterLowerPriority ?? all.countAfterLowerPriority
        settings.delayAfterLowerPriority = own.delayAfterLowerPriority ?? all.delayAfterLowerPriority
        return settings
    }

    private func items(
        _ scripts: [TrackReference], _ processes: [TrackReference], _ interfaces: [TrackReference],
        _ files: [TrackReference]
    ) -> [TrackedItem] {
        scripts.map { reference in
            let own = self.scripts.first { $0.name == reference.name }
            return reference.item(.script(reference.name), ownWeight: own?.weight, isReversed: own?.isReversed)
        }
            + processes.map { reference in
                let own = self.processes.first { $0.name == reference.name }
                return reference.item(.process(reference.name), ownWeight: own?.weight, isReversed: own?.isReversed)
            }
            + interfaces.map { $0.item(.interface($0.name), ownWeight: nil, isReversed: nil) }
            + files.map { reference in
                let own = self.files.first { $0.name == reference.name }
                return reference.item(.file(reference.name), ownWeight: own?.weight ?? 1, isReversed: own?.isReversed)
            }
    }
}

extension TrackReference {
    fileprivate func item(_ target: TrackTarget, ownWeight: Int?, isReversed own: Bool?) -> TrackedItem {
        TrackedItem(
            target: target, weight: weight ?? ownWeight ?? 0, isReversed: weight == nil ? own ?? false : isReversed)
    }
}

extension AddressDefinition {
    fileprivate func placed(on interface: String) -> VirtualAddress {
        VirtualAddress(
            address: address, prefixLength: prefixLength ?? UInt8(address.family.addressLength * 8),
            interface: self.interface ?? interface, label: label)
    }
}
