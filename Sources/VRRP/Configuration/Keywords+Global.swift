extension GlobalDefinitions {
    /// `global_defs` of keepalived.conf(5).
    static let keywords: [String: Keyword<GlobalDefinitions>] = {
        var table: [String: Keyword<GlobalDefinitions>] = [
            "router_id": .setting { reader, statement, target in
                target.routerID = reader.argument(statement, "a name")?.text
            },
            "script_user": .setting { reader, statement, target in
                target.scriptUser = reader.user(statement.arguments.map { $0.text }, of: statement.keyword)
            },
            "enable_script_security": .flag { $0.enablesScriptSecurity = true },
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
                target.locksMemory = reader.isOn(statement)
            },
            "vrrp_startup_delay": .setting { reader, statement, target in
                target.startupDelay = reader.seconds(statement, .milliseconds(1)...(.seconds(4294)))
            },
            "vrrp_strict": .strict(
                "it blocks the virtual addresses by a packet filter (keepalived's issues 474, 2046); remove it"),
            "use_vmac": .setting { reader, statement, _ in reader.virtualMAC(statement) },
            "net_namespace": .refused("start the daemon inside the namespace"),
            "instance": .refused("start one daemon for each configuration"),
            "vrrp_skip_check_adv_addr": .ignored("advertised addresses are always compared, which is cheap"),
            "vrrp_check_unicast_src": .flag { $0.checksUnicastSource = true },
        ]
        for name in [
            "notification_email", "notification_email_from", "smtp_server", "smtp_connect_timeout", "smtp_helo_name",
            "smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker", "no_email_faults", "no_checker_emails",
        ] { table[name] = .ignored("no mail is sent; use `notify`") }
        for name in [
            "lvs_id", "lvs_sync_daemon", "lvs_timeouts", "lvs_flush", "lvs_flush_on_stop", "lvs_notify_fifo",
            "lvs_notify_fifo_script", "lvs_netlink_cmd_rcv_bufs", "lvs_netlink_cmd_rcv_bufs_force",
            "lvs_netlink_monitor_rcv_bufs", "lvs_netlink_monitor_rcv_bufs_force", "nftables_ipvs",
            "nftables_ipvs_priority", "nftables_ipvs_start_fwmark", "checker_priority", "checker_no_swap",
            "checker_rt_priority", "checker_rlimit_rttime", "checker_rlimit_rtime", "checker_cpu_affinity",
            "checker_log_all_failures", "rs_init_notifies", "bfd_priority", "bfd_no_swap", "bfd_rt_priority",
            "bfd_rlimit_rttime", "bfd_rlimit_rtime", "bfd_cpu_affinity",
        ] { table[name] = .ignored("IPVS and BFD are not done here") }
        for name in [
            "process_names", "process_name", "vrrp_process_name", "checker_process_name", "bfd_process_name",
            "lvs_process_name", "process_monitor_rcv_bufs", "process_monitor_rcv_bufs_force",
            "vrrp_netlink_cmd_rcv_bufs", "vrrp_netlink_cmd_rcv_bufs_force", "vrrp_netlink_monitor_rcv_bufs",
            "vrrp_netlink_monitor_rcv_bufs_force", "vrrp_rx_bufs_policy", "vrrp_rx_bufs_multiplier", "vrrp_iptables",
            "vrrp_ipsets", "nftables", "nftables_counters", "nftables_ifindex", "nftables_priority", "enable_dbus",
            "dbus_service_name", "enable_snmp_vrrp", "enable_snmp_keepalived", "enable_snmp_checker",
            "enable_snmp_rfc", "enable_snmp_rfcv2", "enable_snmp_rfcv3", "enable_traps", "snmp_socket",
            "max_auto_priority", "min_auto_priority_delay", "vrrp_rlimit_rttime", "vrrp_rlimit_rtime",
            "vrrp_cpu_affinity", "vrrp_higher_prio_send_advert", "vrrp_lower_prio_no_advert", "reload_time_file",
            "reload_repeat", "reload_check_config", "reload_file", "linkbeat_use_polling", "vrrp_garp_interval",
            "vrrp_gna_interval", "vrrp_garp_extra_if", "vrrp_vmac_garp_intvl", "vrrp_min_garp", "umask",
            "child_wait_time", "config_save_dir", "tmp_config_directory", "data_use_instance", "disable_local_igmp",
            "include_check", "log_unknown_vrids", "random_seed", "use_pid_dir", "vmac_prefix", "vmac_addr_prefix",
            "vrrp_notify_priority_changes", "fifo_write_vrrp_states_on_reload", "dynamic_interfaces",
        ] { table[name] = .ignored("this daemon has its own way") }
        for name in ["startup_script", "startup_script_timeout", "shutdown_script", "shutdown_script_timeout"] {
            table[name] = .refused("use `notify` in the instance")
        }
        table["notify_fifo"] = Interpreter.fifo { $0.notifyFIFO = $1 }
        table["notify_fifo_script"] = Interpreter.fifoScript { $0.notifyFIFOScript = $1 }
        table["vrrp_notify_fifo"] = Interpreter.fifo { $0.vrrpNotifyFIFO = $1 }
        table["vrrp_notify_fifo_script"] = Interpreter.fifoScript { $0.vrrpNotifyFIFOScript = $1 }
        table["default_interface"] = .refused("write `interface` in the instance")
        table["vrrp_down_timer_adverts"] = .refused("three intervals are waited for, as RFC 5798 says; remove it")
        for (name, keyword) in AnnouncementDefinitions.keywords(of: GlobalDefinitions.self) {
            table["vrrp_\(name)"] = keyword
        }
        return table
    }()
}

extension Interpreter {
    /// `notify_fifo PATH [USER [GROUP]]`.
    fileprivate static func fifo(
        _ set: @escaping @Sendable (inout GlobalDefinitions, FIFODefinition) -> Void
    ) -> Keyword<GlobalDefinitions> {
        .once { reader, statement, target in
            guard reader.isLine(statement) else { return }
            guard let word = statement.arguments.first, word.text.hasPrefix("/") else {
                return reader.error(statement.keyword, "`\(statement.keyword.text)` takes the whole path of a FIFO")
            }
            var fifo = FIFODefinition(path: word.text)
            let user = statement.arguments.dropFirst().map { $0.text }
            if !user.isEmpty { fifo.user = reader.user(user, of: statement.keyword) }
            set(&target, fifo)
        }
    }

    /// `notify_fifo_script COMMAND [USER [GROUP]]`.
    fileprivate static func fifoScript(
        _ set: @escaping @Sendable (inout GlobalDefinitions, NotifyDefinitions.Command) -> Void
    ) -> Keyword<GlobalDefinitions> {
        .once { reader, statement, target in
            guard let command = reader.notifyCommand(statement) else { return }
            set(&target, command)
        }
    }

    mutating func version(_ statement: Statement) -> ProtocolVersion? {
        integer(statement, 2...3).flatMap { ProtocolVersion(rawValue: UInt8($0)) }
    }

    /// A multicast group, of one family where that is told.
    mutating func group(_ statement: Statement, _ family: AddressFamily? = nil) -> IPAddress? {
        guard let word = argument(statement, "a multicast address"), let group = address(word) else { return nil }
        guard group.isMulticast, group.family == family ?? group.family else {
            error(word, "`\(word.shown)` is no multicast address of the family")
            return nil
        }
        if case .v6(let high, _) = group, high >> 48 & 0xF != 2 {
            error(word, "`\(word.shown)` leaves the link, which VRRP never does; use an address in ff02::/16")
            return nil
        }
        return group
    }
}

/// A block in which `garp_*` may stand.
protocol Announcing: Sendable {
    var announcements: AnnouncementDefinitions { get set }
}

extension GlobalDefinitions: Announcing {}
extension InstanceDefinition: Announcing {}

extension AnnouncementDefinitions {
    /// `garp_*`, with the settings of an instance or the defaults of all.
    static func keywords<Target: Announcing>(of _: Target.Type) -> [String: Keyword<Target>] {
        func count(
            from least: Int = 1, _ set: @escaping @Sendable (inout AnnouncementDefinitions, Int?) -> Void
        ) -> Keyword<Target> {
            .setting { reader, statement, target in
                set(&target.announcements, reader.integer(statement, least...255))
            }
        }
        func seconds(
            _ set: @escaping @Sendable (inout AnnouncementDefinitions, Duration?) -> Void
        ) -> Keyword<Target> {
            .setting { reader, statement, target in
                set(&target.announcements, reader.seconds(statement, .zero...(.seconds(4294)), whole: true))
            }
        }
        return [
            "garp_master_repeat": count { $0.count = $1 },
            "garp_master_delay": seconds { $0.delay = $1 },
            "garp_master_refresh": seconds { $0.refresh = $1 },
            "garp_master_refresh_repeat": count { $0.refreshCount = $1 },
            "garp_lower_prio_repeat": count(from: 0) { $0.countAfterLowerPriority = $1 },
            "garp_lower_prio_delay": seconds { $0.delayAfterLowerPriority = $1 },
        ]
    }
}
