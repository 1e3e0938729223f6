extension GlobalDefinitions {
    /// `global_defs` of keepalived.conf(5).
    static let keywords: [String: Keyword<GlobalDefinitions>] = {
        var table: [String: Keyword<GlobalDefinitions>] = [
            "router_id": .setting { reader, statement, target in
                target.routerID = reader.argument(statement, "a name")?.text
            },
            "script_user": .setting { reader, statement, target in
                target.scriptUser = reader.user(statement.arguments, of: statement.keyword)
            },
            "enable_script_security": .flag(\.enablesScriptSecurity),
            "vrrp_version": .setting { reader, statement, target in
                target.version = reader.version(statement)
            },
            "vrrp_mcast_group4": .setting { reader, statement, target in
                target.multicastGroup4 = reader.group(statement, .ipv4)
            },
            "vrrp_mcast_group6": .setting { reader, statement, target in
                target.multicastGroup6 = reader.group(statement, .ipv6)
            },
            "vrrp_priority": .setting { reader, statement, target in
                target.niceness = reader.integer(statement, -20...19)
            },
            "vrrp_rt_priority": .setting { reader, statement, target in
                target.realtimePriority = reader.integer(statement, 1...99)
            },
            "vrrp_no_swap": .setting { reader, statement, target in
                target.locksMemory = reader.flag(statement)
            },
            "vrrp_strict": .refused(
                "it blocks the virtual addresses by a packet filter (keepalived's issues 474, 2046); remove it"),
            "use_vmac": .refused("virtual MAC addresses are not made; remove it"),
            "net_namespace": .refused("start the daemon inside the namespace"),
            "instance": .refused("start one daemon for each configuration"),
            "vrrp_skip_check_adv_addr": .ignored("advertised addresses are always compared, which is cheap"),
            "vrrp_check_unicast_src": .ignored("the source of unicast advertisements is always checked"),
        ]
        for name in [
            "notification_email", "notification_email_from", "smtp_server", "smtp_connect_timeout", "smtp_helo_name",
            "smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker", "no_email_faults", "email_faults",
        ] { table[name] = .ignored("no mail is sent; use `notify`") }
        for name in [
            "lvs_id", "lvs_sync_daemon", "lvs_timeouts", "lvs_flush", "lvs_flush_onstop", "checker_priority",
            "checker_no_swap", "checker_rt_priority", "bfd_priority", "bfd_no_swap", "bfd_rt_priority",
        ] { table[name] = .ignored("IPVS and BFD are not done here") }
        for name in [
            "process_names", "vrrp_process_name", "checker_process_name", "dynamic_interfaces", "vrrp_notify_fifo",
            "vrrp_notify_fifo_script", "notify_fifo", "notify_fifo_script", "process_monitor_rcvbufs",
            "vrrp_netlink_cmd_rcv_bufs", "vrrp_netlink_monitor_rcv_bufs", "vrrp_rx_bufs_policy",
            "vrrp_rx_bufs_multiplier", "vrrp_iptables", "vrrp_ipsets", "nftables", "enable_dbus", "enable_snmp_vrrp",
            "enable_snmp_keepalived", "enable_snmp_rfc", "enable_traps", "snmp_socket", "max_auto_priority",
            "min_auto_priority_delay", "vrrp_rlimit_rttime", "vrrp_cpu_affinity", "script_security",
            "vrrp_higher_prio_send_advert", "vrrp_lower_prio_no_advert", "vrrp_down_timer_adverts",
            "vrrp_startup_delay", "reload_time_file", "startup_script", "shutdown_script", "linkbeat_use_polling",
            "linkbeat_interfaces", "default_interface", "vrrp_garp_interval", "vrrp_gna_interval", "umask",
        ] {
            table[name] =
                ["vrrp_notify_fifo", "notify_fifo", "startup_script", "shutdown_script", "default_interface"]
                    .contains(name)
                ? .refused("use `notify` or write it out where it is used; remove it here")
                : .ignored("this daemon has its own way")
        }
        for (name, keyword) in AnnouncementDefinitions.keywords(\GlobalDefinitions.announcements) {
            table["vrrp_\(name)"] = keyword
        }
        return table
    }()
}

extension Interpreter {
    mutating func version(_ statement: Statement) -> ProtocolVersion? {
        integer(statement, 2...3).flatMap { ProtocolVersion(rawValue: UInt8($0)) }
    }

    fileprivate mutating func group(_ statement: Statement, _ family: AddressFamily) -> IPAddress? {
        guard let word = argument(statement, "a multicast address"), let group = address(word) else { return nil }
        guard group.family == family, group.isMulticast else {
            error(word, "`\(word.text)` is no multicast address of the family")
            return nil
        }
        return group
    }
}

extension AnnouncementDefinitions {
    /// `garp_*`, with the settings of an instance or the defaults of all.
    static func keywords<Target>(
        _ path: WritableKeyPath<Target, AnnouncementDefinitions> & Sendable
    ) -> [String: Keyword<Target>] {
        let longest = Duration.seconds(1_000_000)
        func count(_ field: WritableKeyPath<AnnouncementDefinitions, Int?> & Sendable) -> Keyword<Target> {
            .setting { reader, statement, target in
                target[keyPath: path][keyPath: field] = reader.integer(statement, 0...255)
            }
        }
        func seconds(_ field: WritableKeyPath<AnnouncementDefinitions, Duration?> & Sendable) -> Keyword<Target> {
            .setting { reader, statement, target in
                target[keyPath: path][keyPath: field] = reader.seconds(statement, .zero...longest)
            }
        }
        return [
            "garp_master_repeat": count(\.count),
            "garp_master_delay": seconds(\.delay),
            "garp_master_refresh": seconds(\.refresh),
            "garp_master_refresh_repeat": count(\.refreshCount),
            "garp_lower_prio_repeat": count(\.countAfterLowerPriority),
            "garp_lower_prio_delay": seconds(\.delayAfterLowerPriority),
        ]
    }
}
