/// What keepalived would refuse of an instance, and what it would do other than its author may think.
struct InstanceCheck {
    var configuration: KeepalivedConfiguration
    var instance: InstanceDefinition
    var statement: Statement

    private var title: String { "vrrp_instance \(instance.name)" }
    private func place(_ name: String) -> Word { statement.first(name) }

    func run(_ reader: inout Interpreter) {
        // A value that could not be read has been told of already.
        if instance.interface == nil, !names("interface") {
            reader.error(statement.keyword, "\(title) has no `interface`; add the NIC that VRRP is spoken on")
        }
        if instance.virtualRouterID == nil, !names("virtual_router_id") {
            reader.error(statement.keyword, "\(title) has no `virtual_router_id`; add a number from 1 to 255")
        }
        if instance.addresses.isEmpty, !names("virtual_ipaddress") {
            reader.error(statement.keyword, "\(title) has no `virtual_ipaddress`; add the address that moves")
        } else if instance.addresses.isEmpty, reader.diagnostics.allSatisfy({ $0.severity == .warning }) {
            reader.error(place("virtual_ipaddress"), "`virtual_ipaddress` is empty; add the address that moves")
        }
        addresses(&reader)
        interval(&reader)
        preemption(&reader)
        configuration.checkReferences(instance.trackedScripts, instance.trackedProcesses, in: statement, &reader)
        weights(&reader)
        if configuration.version(of: instance) == .v3, instance.authentication != nil {
            reader.warn(place("authentication"), "version 3 has no authentication: the password is not used")
        }
    }

    private func names(_ keyword: String) -> Bool { statement.block?.contains { $0.keyword.text == keyword } ?? false }

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
        }
        for peer in instance.unicastPeers where peer.family != family {
            reader.error(
                statement.word("\(peer)", below: "unicast_peer"),
                "\(peer) is of another family than the virtual addresses")
        }
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
        guard instance.noPreempt else { return }
        if instance.startsAsMaster == true {
            reader.warn(place("nopreempt"), "`nopreempt` does nothing with `state MASTER`; use `state BACKUP`")
        } else if instance.priority == 255 {
            reader.warn(place("nopreempt"), "`nopreempt` does nothing with priority 255, the owner's")
        }
    }

    /// A weight changes only the priority, and a master that may not be preempted keeps the address whatever its priority.
    private func weights(_ reader: inout Interpreter) {
        guard instance.noPreempt, instance.startsAsMaster != true else { return }
        for (references, block) in [
            (instance.trackedScripts, "track_script"), (instance.trackedProcesses, "track_process"),
        ] {
            for reference in references {
                let weight =
                    reference.weight ?? configuration.ownWeight(of: reference.name, scripts: block == "track_script")
                guard weight != 0 else { continue }
                reader.warn(
                    statement.word(reference.name, below: block),
                    "with `nopreempt` a weight never moves the virtual address away from a host whose check fails; "
                        + "leave the weight out")
            }
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
    func ownWeight(of name: String, scripts: Bool) -> Int {
        (scripts ? self.scripts.first { $0.name == name }?.weight : processes.first { $0.name == name }?.weight) ?? 0
    }
}
