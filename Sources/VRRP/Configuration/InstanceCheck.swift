/// What keepalived would refuse of an instance, and what it would do other than its author may think.
struct InstanceCheck {
    var configuration: KeepalivedConfiguration
    var instance: InstanceDefinition
    /// The one that it belongs to.
    var group: GroupDefinition?
    var statement: Statement

    private var title: String { statement.title }
    private func place(_ name: String) -> Word { statement.first(name) }

    func run(_ reader: inout Interpreter) {
        // A value that could not be read has been told of already.
        if instance.interface == nil, !statement.has("interface") {
            reader.error(statement.keyword, "\(title) has no `interface`; add the NIC that VRRP is spoken on")
        }
        if instance.virtualRouterID == nil, !statement.has("virtual_router_id") {
            reader.error(statement.keyword, "\(title) has no `virtual_router_id`; add a number from 1 to 255")
        }
        if instance.addresses.isEmpty, !hasLines(of: "virtual_ipaddress") { withoutAddresses(&reader) }
        addresses(&reader)
        interval(&reader)
        preemption(&reader)
        weights(&reader)
        interfaces(&reader)
        if configuration.version(of: instance) == .v3, instance.authentication != nil {
            reader.warn(place("authentication"), "version 3 has no authentication: the password is not used")
        }
    }

    /// Clouds move what clients ask for by scripts.
    private func withoutAddresses(_ reader: inout Interpreter) {
        let word = place("virtual_ipaddress")
        if configuration.version(of: instance) == .v3 {
            reader.error(
                word,
                "\(title) has no virtual address, which version 3 demands; add the address that moves, or use `version 2`"
            )
        } else {
            reader.warn(
                word, "\(title) has no virtual address; at least one is sensible, unless its scripts do everything")
        }
    }

    private func hasLines(of keyword: String) -> Bool {
        statement.block?.contains { $0.keyword.text == keyword && $0.block?.isEmpty == false } ?? false
    }

    private func addresses(_ reader: inout Interpreter) {
        let family = instance.family
        for address in instance.addresses where address.address.family != family {
            reader.error(
                place("virtual_ipaddress"),
                "\(address.address) is of another family than the instance's; put it into `virtual_ipaddress_excluded`")
        }
        var seen = Set<IPAddress>()
        for address in instance.addresses + instance.excludedAddresses
        where !seen.insert(address.address).inserted {
            reader.error(place("virtual_ipaddress"), "\(address.address) is listed twice; remove one")
        }
        if instance.addresses.count > 255 {
            reader.error(place("virtual_ipaddress"), "an advertisement carries at most 255 addresses")
        }
        if family == .ipv6, configuration.version(of: instance) == .v2 {
            reader.error(place("version"), "version 2 has no IPv6; use `version 3`")
        }
        if let source = instance.sourceAddress, source.family != family {
            reader.error(
                statement.first("unicast_src_ip", or: "mcast_src_ip"),
                "\(source) is of another family than the virtual addresses")
        } else {
            source(&reader)
        }
        if let group = instance.multicastGroup, group.family != family {
            reader.error(place("mcast_dst_ip"), "\(group) is of another family than the virtual addresses")
        } else if instance.multicastGroup != nil, !instance.unicastPeers.isEmpty {
            reader.warn(place("mcast_dst_ip"), "`mcast_dst_ip` does nothing with `unicast_peer`; remove it")
        }
        for peer in instance.unicastPeers where peer.family != family {
            reader.error(
                statement.word("\(peer)", below: "unicast_peer"),
                "\(peer) is of another family than the virtual addresses")
        }
    }

    /// Not one that moves: a backup would be without it, and a host that lets go of it too.
    private func source(_ reader: inout Interpreter) {
        guard let source = instance.sourceAddress else { return }
        let owner = configuration.instances.first { other in
            (other.addresses + other.excludedAddresses).contains {
                // A link-local address is another one on each NIC.
                $0.address == source
                    && (!source.isLinkLocal || $0.interface ?? other.interface == instance.interface)
            }
        }
        guard let owner else { return }
        reader.error(
            statement.first("unicast_src_ip", or: "mcast_src_ip"),
            "\(source) is a virtual address of vrrp_instance \(owner.name): as a source it is missing until this host is "
                + "master; use an address that this host always has")
    }

    private func interval(_ reader: inout Interpreter) {
        guard let interval = instance.advertisementInterval else { return }
        let word = place("advert_int")
        if configuration.version(of: instance) == .v2 {
            guard interval.wholeNanoseconds % 1_000_000_000 != 0 else { return }
            reader.error(word, "with version 2 `advert_int` counts whole seconds; use `version 3`, or at least 1")
        } else if interval > .milliseconds(40950) || interval.wholeNanoseconds % 10_000_000 != 0 {
            reader.error(word, "with version 3 `advert_int` counts hundredths of a second, from 0.01 to 40.95")
        }
    }

    private func preemption(_ reader: inout Interpreter) {
        let isMaster = instance.startsAsMaster == true
        if isMaster, instance.priority == nil, !statement.has("priority") {
            reader.warn(statement.first("state"), "`state MASTER` without a `priority` is priority 255, the owner's")
        }
        if instance.noPreempt {
            if isMaster {
                reader.warn(
                    place("nopreempt"), "`nopreempt` does nothing with `state MASTER`; use `state BACKUP`",
                    .noPreemptAsMaster)
            } else if instance.priority == 255 {
                reader.warn(place("nopreempt"), "`nopreempt` does nothing with priority 255, the owner's")
            }
        }
        guard instance.preemptDelay ?? .zero > .zero, isMaster || instance.noPreempt else { return }
        reader.warn(
            place("preempt_delay"),
            "`preempt_delay` does nothing with `\(isMaster ? "state MASTER" : "nopreempt")`; remove one of them")
    }

    private func weights(_ reader: inout Interpreter) {
        let why: String
        let topic: ConfigurationDiagnostic.Topic
        if configuration.priority(of: instance) == 255 {
            why = "priority 255 is the owner's, which nothing lowers: this is not tracked; leave the weight out"
            topic = .weightOfOwner
        } else if instance.noPreempt, instance.startsAsMaster != true {
            // It changes only the priority, and a master that may not be preempted keeps the address with any priority.
            why =
                "with `nopreempt` a weight never moves the virtual address away from a host whose check fails; "
                + "leave the weight out"
            topic = .weightWithNoPreempt
        } else if let group {
            why =
                "keepalived does not track what has a weight in a member of a vrrp_sync_group (\(group.name)); here it "
                + "counts for this member"
            topic = .weightInGroup
        } else {
            return
        }
        for (references, block) in [
            (instance.trackedScripts, "track_script"), (instance.trackedProcesses, "track_process"),
            (instance.trackedInterfaces, "track_interface"), (instance.trackedFiles, "track_file"),
        ] {
            for reference in references {
                let own = configuration.ownWeight(of: reference.name, in: block)
                guard reference.weight ?? own != 0 else { continue }
                reader.warn(statement.word(reference.name, below: block), why, topic)
            }
        }
    }

    private func interfaces(_ reader: inout Interpreter) {
        for reference in instance.trackedInterfaces where reference.name == instance.interface {
            reader.warn(
                statement.word(reference.name, below: "track_interface"),
                "the instance's own interface always counts, without a weight; remove it here")
        }
        if instance.unicastPeers.isEmpty, instance.sourceAddress != nil, statement.has("unicast_src_ip") {
            reader.warn(
                place("unicast_src_ip"),
                "without `unicast_peer` multicast is spoken; add the peers, or use `mcast_src_ip`")
        }
    }
}

extension Statement {
    fileprivate func first(_ name: String, or other: String) -> Word {
        let word = first(name)
        return word.text == name ? word : first(other)
    }
}

extension KeepalivedConfiguration {
    /// The weight that a script's or a process's own definition gives it.
    fileprivate func ownWeight(of name: String, in block: String) -> Int {
        switch block {
        case "track_script": scripts.first { $0.name == name }?.weight ?? 0
        case "track_file": files.first { $0.name == name }.map { $0.weight ?? 1 } ?? 0
        case "track_process": processes.first { $0.name == name }?.weight ?? 0
        default: 0
        }
    }
}
