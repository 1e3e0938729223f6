extension InstanceDefinition {
    /// `vrrp_instance`.
    static let keywords: [String: Keyword<InstanceDefinition>] = {
        var table: [String: Keyword<InstanceDefinition>] = [
            "state": .once { reader, statement, target in
                guard reader.isLine(statement) else { return }
                guard let word = reader.argument(statement, "MASTER or BACKUP") else { return }
                if word.text != "MASTER", word.text != "BACKUP" {
                    reader.warn(word, "`state` is MASTER or BACKUP; `\(word.shown)` counts as BACKUP")
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
            "nopreempt": .flag { $0.noPreempt = true },
            "preempt": .setting { reader, statement, target in
                guard reader.isLine(statement) else { return }
                reader.standsAlone(statement)
                target.noPreempt = false
            },
            "preempt_delay": .setting { reader, statement, target in
                target.preemptDelay = reader.seconds(statement, .zero...(.seconds(1000)))
            },
            "native_ipv6": .flag { $0.nativeIPv6 = true },
            "authentication": .block { reader, statement, target in
                target.authentication = reader.authentication(statement)
            },
            "virtual_ipaddress": .block { reader, statement, target in
                target.addresses += reader.virtualAddresses(statement)
            },
            "virtual_ipaddress_excluded": .block { reader, statement, target in
                target.excludedAddresses += reader.virtualAddresses(statement)
            },
            "mcast_dst_ip": .setting { reader, statement, target in
                target.multicastGroup = reader.group(statement)
            },
            "unicast_peer": .block { reader, statement, target in
                for line in reader.lines(statement) { reader.unicastPeer(line, into: &target) }
            },
            "track_script": .block { $0.references($1, into: &$2.trackedScripts) },
            "track_process": .block { $0.references($1, into: &$2.trackedProcesses) },
            "track_interface": .block { $0.references($1, into: &$2.trackedInterfaces) },
            "track_file": .block { $0.references($1, into: &$2.trackedFiles, atMost: Interpreter.mostFileWeight) },
            "dont_track_primary": .flag { $0.ignoresPrimaryInterface = true },
            "promote_secondaries": .flag { $0.promotesSecondaries = true },
            "v3_checksum_as_v2": .setting { reader, statement, target in
                if let isOn = reader.isOn(statement) { target.checksumAsVersion2 = isOn }
            },
            "smtp_alert": .ignored("no mail is sent; use `notify`"),
            "debug": .ignored("use `haprov-vrrpd log-level`"),
            "garp_interval": .ignored("addresses are announced at once"),
            "gna_interval": .ignored("addresses are announced at once"),
            "vmac_garp_intvl": .ignored("addresses are announced where they are"),
            "notify_priority_changes": .ignored("`notify` tells of states; the log tells of priorities"),
            "track_src_ip": .ignored("a lost source address is always noticed"),
            "unicast_fault_no_peer": .ignored("give it peers"),
            "garp_extra_if": .ignored("addresses are announced where they are"),
            "skip_check_adv_addr": .ignored("advertised addresses are always compared, which is cheap"),
            "check_unicast_src": .flag { $0.checksUnicastSource = true },
            "accept": .ignored("addresses always accept packets"),
            "lower_prio_no_advert": .ignored("a lower priority is always answered, as RFC 5798 says"),
            "higher_prio_send_advert": .ignored("a better master is followed at once, as RFC 5798 says"),
            "kernel_rx_buf_size": .ignored("this daemon has its own way"),
            "linkbeat_use_polling": .ignored("the kernel tells of links"),
            "lvs_sync_daemon_interface": .ignored("IPVS is not done here"),
            "use_vmac": .setting { reader, statement, _ in reader.virtualMAC(statement) },
            "vmac_xmit_base": .refused("virtual MAC addresses are not made; remove it"),
            "use_ipvlan": .refused("IPVLAN interfaces are not made; remove it"),
            "strict_mode": .strict("it blocks the virtual addresses by a packet filter; remove it"),
            "no_accept": .refused("it blocks the virtual addresses by a packet filter; remove it"),
            "virtual_routes": .block { reader, statement, target in
                target.routes.routes += reader.lines(statement).compactMap { reader.virtualRoute($0) }
            },
            "virtual_rules": .block { reader, statement, target in
                target.routes.rules += reader.lines(statement).compactMap { reader.virtualRule($0) }
            },
            "track_bfd": .refused("BFD is not spoken; remove it"),
            "use_vmac_addr": .refused("virtual MAC addresses are not made; remove it"),
            "vrf": .refused("start the daemon inside the VRF"),
            "unicast_ttl": .refused("advertisements leave with 255, as RFC 5798 says; remove it"),
            "old_unicast_checksum": .refused("the checksum of keepalived before 1.4.0 is not made; remove it"),
            "down_timer_adverts": .refused("three intervals are waited for, as RFC 5798 says; remove it"),
            "notify_master_rx_lower_pri": .refused("the log and `haprov-vrrpd metrics` tell of rivals; remove it"),
            "notify_deleted": .refused("use `notify_stop`"),
        ]
        for name in ["mcast_src_ip", "unicast_src_ip"] {
            table[name] = .setting { reader, statement, target in
                guard let word = reader.argument(statement, "an address"), let address = reader.address(word) else {
                    return
                }
                if let other = target.sourceAddress, other != address {
                    reader.warn(statement.keyword, "\(other) is given as the source above: this one counts")
                }
                target.sourceAddress = address
            }
        }
        for (name, keyword) in AnnouncementDefinitions.keywords(of: InstanceDefinition.self) {
            table[name] = keyword
        }
        for (name, keyword) in NotifyDefinitions.keywords(of: InstanceDefinition.self) { table[name] = keyword }
        return table
    }()
}
