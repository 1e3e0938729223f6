extension InstanceDefinition {
    /// `vrrp_instance`.
    static let keywords: [String: Keyword<InstanceDefinition>] = {
        var table: [String: Keyword<InstanceDefinition>] = [
            "state": .setting { reader, statement, target in
                guard let word = reader.argument(statement, "MASTER or BACKUP") else { return }
                guard word.text == "MASTER" || word.text == "BACKUP" else {
                    return reader.error(word, "`state` is MASTER or BACKUP, not `\(word.text)`")
                }
                target.startsAsMaster = word.text == "MASTER"
            },
            "interface": .setting { reader, statement, target in
                target.interface = reader.interface(statement)
            },
            "virtual_router_id": .setting { reader, statement, target in
                target.virtualRouterID = reader.integer(statement, 1...255).map(UInt8.init)
            },
            "priority": .setting { reader, statement, target in
                target.priority = reader.integer(statement, 1...255).map(UInt8.init)
            },
            "advert_int": .setting { reader, statement, target in
                target.advertisementInterval = reader.seconds(statement, .milliseconds(10)...(.seconds(255)))
            },
            "version": .setting { reader, statement, target in target.version = reader.version(statement) },
            "nopreempt": .flag(\.noPreempt),
            "preempt": .setting { reader, statement, target in
                if let value = reader.flag(statement) { target.noPreempt = !value }
            },
            "preempt_delay": .setting { reader, statement, target in
                target.preemptDelay = reader.seconds(statement, .zero...(.seconds(1000)))
            },
            "native_ipv6": .flag(\.nativeIPv6),
            "authentication": .setting { reader, statement, target in
                target.authentication = reader.authentication(statement)
            },
            "virtual_ipaddress": .setting { reader, statement, target in
                target.addresses += reader.virtualAddresses(statement)
            },
            "virtual_ipaddress_excluded": .setting { reader, statement, target in
                target.excludedAddresses += reader.virtualAddresses(statement)
            },
            "unicast_peer": .setting { reader, statement, target in
                for line in reader.block(statement) {
                    if let address = reader.address(line.keyword) { target.unicastPeers.append(address) }
                }
            },
            "track_script": .setting { reader, statement, target in
                target.trackedScripts += reader.references(statement)
            },
            "track_process": .setting { reader, statement, target in
                target.trackedProcesses += reader.references(statement)
            },
            "track_interface": .setting { reader, statement, target in
                target.trackedInterfaces += reader.references(statement)
            },
            "dont_track_primary": .flag(\.ignoresPrimaryInterface),
            "v3_checksum_as_v2": .flag(\.checksumAsVersion2),
            "checksum_compatibility": .setting { reader, statement, target in
                target.checksumAsVersion2 = true
            },
            "smtp_alert": .ignored("no mail is sent; use `notify`"),
            "debug": .ignored("use `haprov-vrrpd log-level`"),
            "garp_extra_if": .ignored("addresses are announced where they are"),
            "skip_check_adv_addr": .ignored("advertised addresses are always compared, which is cheap"),
            "check_unicast_src": .ignored("the source of unicast advertisements is always checked"),
            "accept": .ignored("addresses always accept packets"),
            "lower_prio_no_advert": .ignored("a lower priority is always answered, as RFC 5798 says"),
            "higher_prio_send_advert": .ignored("a better master is followed at once, as RFC 5798 says"),
            "kernel_rx_buf_size": .ignored("this daemon has its own way"),
            "linkbeat_use_polling": .ignored("the kernel tells of links"),
            "lvs_sync_daemon_interface": .ignored("IPVS is not done here"),
            "use_vmac": .refused("virtual MAC addresses are not made; remove it"),
            "vmac_xmit_base": .refused("virtual MAC addresses are not made; remove it"),
            "use_ipvlan": .refused("IPVLAN interfaces are not made; remove it"),
            "strict_mode": .refused("it blocks the virtual addresses by a packet filter; remove it"),
            "no_accept": .refused("it blocks the virtual addresses by a packet filter; remove it"),
            "virtual_routes": .refused("routes are not moved; set them up beside it"),
            "virtual_rules": .refused("rules are not moved; set them up beside it"),
            "track_file": .refused("use a `vrrp_script` that looks at the file"),
            "track_bfd": .refused("BFD is not spoken; remove it"),
            "notify_master_rx_lower_pri": .refused("the log and `haprov-vrrpd metrics` tell of rivals; remove it"),
            "notify_deleted": .refused("use `notify_stop`"),
        ]
        for name in ["mcast_src_ip", "unicast_src_ip"] {
            table[name] = .setting { reader, statement, target in
                guard let word = reader.argument(statement, "an address") else { return }
                target.sourceAddress = reader.address(word)
            }
        }
        for (name, keyword) in AnnouncementDefinitions.keywords(\InstanceDefinition.announcements) {
            table[name] = keyword
        }
        for (name, keyword) in NotifyDefinitions.keywords(\InstanceDefinition.notify) { table[name] = keyword }
        return table
    }()
}

extension GroupDefinition {
    /// `vrrp_sync_group`.
    static let keywords: [String: Keyword<GroupDefinition>] = {
        var table: [String: Keyword<GroupDefinition>] = [
            "group": .setting { reader, statement, target in
                for line in reader.block(statement) { target.members += line.words.map(\.text) }
            },
            "track_script": .setting { reader, statement, target in
                target.trackedScripts += reader.references(statement)
            },
            "track_process": .setting { reader, statement, target in
                target.trackedProcesses += reader.references(statement)
            },
            "track_interface": .setting { reader, statement, target in
                target.trackedInterfaces += reader.references(statement)
            },
            "global_tracking": .ignored("what a member tracks always counts for its group"),
            "sync_group_tracking_weight": .refused("weights count for each member; give the members their weights"),
            "smtp_alert": .ignored("no mail is sent; use `notify`"),
            "track_file": .refused("use a `vrrp_script` that looks at the file"),
            "track_bfd": .refused("BFD is not spoken; remove it"),
        ]
        for (name, keyword) in NotifyDefinitions.keywords(\GroupDefinition.notify) { table[name] = keyword }
        return table
    }()
}

extension Interpreter {
    fileprivate mutating func interface(_ statement: Statement) -> String? {
        guard let word = argument(statement, "the name of a NIC") else { return nil }
        return interface(word)
    }

    /// The kernel's limit is 15 octets.
    mutating func interface(_ word: Word) -> String? {
        guard (1...15).contains(word.text.utf8.count), !word.text.contains("/") else {
            error(word, "`\(word.text)` cannot be the name of a NIC, which has 15 characters at most")
            return nil
        }
        return word.text
    }

    fileprivate mutating func authentication(_ statement: Statement) -> AuthenticationDefinition? {
        var password: String?
        for line in block(statement) {
            switch line.keyword.text {
            case "auth_type":
                guard let word = argument(line, "PASS") else { continue }
                if word.text == "AH" {
                    error(word, "`auth_type AH` is not supported; RFC 5798 has withdrawn it: use PASS, or none")
                } else if word.text != "PASS" {
                    error(word, "`auth_type` is PASS, not `\(word.text)`")
                }
            case "auth_pass":
                // The word itself is never shown.
                guard let word = line.arguments.first, line.arguments.count == 1, !word.text.isEmpty else {
                    error(line.keyword, "`auth_pass` takes one word; put a password with blanks in quotes")
                    continue
                }
                if word.text.utf8.count > 8 {
                    warn(
                        line.keyword, "the password is longer than 8 characters: only the first 8 are sent and compared"
                    )
                }
                password = word.text
            default:
                error(
                    line.keyword,
                    "unknown keyword `\(line.keyword.text)` in authentication; it has auth_type and auth_pass")
            }
        }
        guard let password else {
            if statement.block != nil {
                error(statement.keyword, "`authentication` needs `auth_pass`; add it, or remove the block")
            }
            return nil
        }
        return AuthenticationDefinition(password: password)
    }

    fileprivate mutating func virtualAddresses(_ statement: Statement) -> [AddressDefinition] {
        block(statement).compactMap { virtualAddress($0) }
    }

    /// `ADDRESS[/PREFIX] [brd ADDRESS] [dev NIC] [scope SCOPE] [label LABEL]`.
    private mutating func virtualAddress(_ line: Statement) -> AddressDefinition? {
        let word = line.keyword
        let parts = word.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else {
            error(word, "`\(word.text)` is not an IP address with a prefix length such as 192.0.2.1/24")
            return nil
        }
        var definition = AddressDefinition(address: address)
        if parts.count == 2 {
            let longest = address.family.addressLength * 8
            guard let length = UInt8(parts[1]), length <= longest else {
                error(word, "the prefix length of `\(word.text)` is a whole number from 0 to \(longest)")
                return nil
            }
            definition.prefixLength = length
        }
        var rest = line.arguments
        while let option = rest.popFirst() {
            switch option.text {
            case "dev", "label", "brd", "broadcast", "scope":
                guard let value = rest.popFirst() else {
                    error(option, "`\(option.text)` needs a value behind it")
                    return nil
                }
                if option.text == "dev" { definition.interface = interface(value) }
                if option.text == "label" { definition.label = value.text }
                if ["brd", "broadcast"].contains(option.text) {
                    warn(option, "`\(option.text)` is ignored: a virtual address needs no broadcast address")
                }
                if option.text == "scope", value.text != "global" {
                    warn(option, "`scope` is ignored: virtual addresses are global")
                }
            case "home", "nodad", "mngtmpaddr", "noprefixroute", "-nodad", "track_group", "no_track":
                warn(option, "`\(option.text)` is ignored")
            default:
                error(
                    option, "unknown option `\(option.text)` of a virtual address; known are dev, label, brd and scope")
            }
        }
        return definition
    }
}
