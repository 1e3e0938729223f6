extension KeepalivedConfiguration {
    /// As a keepalived.conf(5) that reads back as the same value.
    package var text: String {
        var writer = ConfigurationWriter()
        writer.write(self)
        return writer.text
    }
}

/// Writes blocks and settings, four blanks deeper in every block.
struct ConfigurationWriter {
    private(set) var text = ""
    private var depth = 0

    private mutating func line(_ words: String...) {
        text += String(repeating: " ", count: 4 * depth) + words.joined(separator: " ") + "\n"
    }

    private mutating func block(_ words: String..., body: (inout ConfigurationWriter) -> Void) {
        text += String(repeating: " ", count: 4 * depth) + words.joined(separator: " ") + " {\n"
        depth += 1
        body(&self)
        depth -= 1
        line("}")
    }

    private mutating func setting(_ keyword: String, _ value: (some CustomStringConvertible)?) {
        if let value { line(keyword, value.description) }
    }

    private mutating func setting(_ keyword: String, _ value: Duration?) { setting(keyword, value?.inSeconds) }

    private mutating func flag(_ keyword: String, _ value: Bool) { if value { line(keyword) } }

    mutating func write(_ configuration: KeepalivedConfiguration) {
        if configuration.global != GlobalDefinitions() {
            block("global_defs") { $0.write(configuration.global) }
        }
        for script in configuration.scripts { block("vrrp_script", quoted(script.name)) { $0.write(script) } }
        for process in configuration.processes {
            block("vrrp_track_process", quoted(process.name)) { $0.write(process) }
        }
        for file in configuration.files { block("track_file", quoted(file.name)) { $0.write(file) } }
        for group in configuration.groups { block("vrrp_sync_group", quoted(group.name)) { $0.write(group) } }
        for instance in configuration.instances {
            block("vrrp_instance", quoted(instance.name)) { $0.write(instance) }
        }
    }

    private mutating func write(_ global: GlobalDefinitions) {
        setting("router_id", global.routerID.map(quoted))
        setting("script_user", global.scriptUser.map(user))
        flag("enable_script_security", global.enablesScriptSecurity)
        setting("vrrp_version", global.version?.rawValue)
        setting("vrrp_mcast_group4", global.multicastGroup4)
        setting("vrrp_mcast_group6", global.multicastGroup6)
        flag("vrrp_check_unicast_src", global.checksUnicastSource)
        setting("vrrp_priority", global.niceness)
        setting("vrrp_rt_priority", global.realtimePriority)
        setting("vrrp_no_swap", global.locksMemory)
        setting("vrrp_startup_delay", global.startupDelay)
        for (fifo, script, name) in [
            (global.notifyFIFO, global.notifyFIFOScript, "notify_fifo"),
            (global.vrrpNotifyFIFO, global.vrrpNotifyFIFOScript, "vrrp_notify_fifo"),
        ] {
            if let fifo { line(name, quoted(fifo.path) + (fifo.user.map { " " + user($0) } ?? "")) }
            if let script { write(script, name + "_script") }
        }
        write(global.announcements, prefix: "vrrp_")
    }

    private mutating func write(_ announcements: AnnouncementDefinitions, prefix: String = "") {
        setting(prefix + "garp_master_repeat", announcements.count)
        setting(prefix + "garp_master_delay", announcements.delay)
        setting(prefix + "garp_master_refresh", announcements.refresh)
        setting(prefix + "garp_master_refresh_repeat", announcements.refreshCount)
        setting(prefix + "garp_lower_prio_repeat", announcements.countAfterLowerPriority)
        setting(prefix + "garp_lower_prio_delay", announcements.delayAfterLowerPriority)
    }

    private mutating func write(_ script: ScriptDefinition) {
        line("script", CommandLine.quoted(script.command))
        setting("interval", script.interval)
        setting("timeout", script.timeout)
        setting("rise", script.rise)
        setting("fall", script.fall)
        weight(script.weight, script.isReversed)
        setting("user", script.user.map(user))
        flag("init_fail", script.startsDown)
    }

    private mutating func write(_ process: ProcessDefinition) {
        line("process", process.command.map(quoted).joined(separator: " "))
        weight(process.weight, process.isReversed)
        setting("quorum", process.quorum)
        setting("quorum_max", process.maximum)
        setting("terminate_delay", process.terminateDelay)
        setting("fork_delay", process.forkDelay)
    }

    private mutating func weight(_ weight: Int?, _ isReversed: Bool) {
        if let weight { line("weight", "\(weight)" + (isReversed ? " reverse" : "")) }
    }

    private mutating func write(_ group: GroupDefinition) {
        if !group.members.isEmpty { block("group") { for name in group.members { $0.line($0.quoted(name)) } } }
        write(group.trackedScripts, "track_script")
        write(group.trackedProcesses, "track_process")
        write(group.trackedInterfaces, "track_interface")
        write(group.trackedFiles, "track_file")
        write(group.notify)
    }

    private mutating func write(_ references: [TrackReference], _ keyword: String) {
        guard !references.isEmpty else { return }
        block(keyword) { writer in
            for reference in references {
                let weight = reference.weight.map { " weight \($0)" + (reference.isReversed ? " reverse" : "") } ?? ""
                writer.line(writer.quoted(reference.name) + weight)
            }
        }
    }

    private mutating func write(_ notify: NotifyDefinitions) {
        for (keyword, command) in [
            ("notify", notify.any), ("notify_master", notify.master), ("notify_backup", notify.backup),
            ("notify_fault", notify.fault), ("notify_stop", notify.stop),
        ] {
            if let command { write(command, keyword) }
        }
    }

    private mutating func write(_ command: NotifyDefinitions.Command, _ keyword: String) {
        line(keyword, CommandLine.quoted(command.words) + (command.user.map { " " + user($0) } ?? ""))
    }

    private mutating func write(_ file: FileDefinition) {
        line("file", quoted(file.path))
        weight(file.weight, file.isReversed)
        if let value = file.initialValue { line("init_file", "\(value)" + (file.overwrites ? " overwrite" : "")) }
    }

    private mutating func write(_ routes: RouteSet) {
        if !routes.routes.isEmpty {
            block("virtual_routes") { for route in routes.routes { $0.line(route.line($0.quoted)) } }
        }
        if !routes.rules.isEmpty {
            block("virtual_rules") { for rule in routes.rules { $0.line(rule.line($0.quoted)) } }
        }
    }

    private mutating func write(_ instance: InstanceDefinition) {
        setting("state", instance.startsAsMaster.map { $0 ? "MASTER" : "BACKUP" })
        setting("interface", instance.interface.map(quoted))
        setting("virtual_router_id", instance.virtualRouterID)
        setting("priority", instance.priority)
        setting("version", instance.version?.rawValue)
        setting("advert_int", instance.advertisementInterval)
        flag("nopreempt", instance.noPreempt)
        setting("preempt_delay", instance.preemptDelay)
        flag("native_ipv6", instance.nativeIPv6)
        flag("v3_checksum_as_v2", instance.checksumAsVersion2)
        setting(instance.unicastPeers.isEmpty ? "mcast_src_ip" : "unicast_src_ip", instance.sourceAddress)
        setting("mcast_dst_ip", instance.multicastGroup)
        if !instance.unicastPeers.isEmpty {
            block("unicast_peer") { writer in
                for peer in instance.unicastPeers {
                    let limits = instance.peerHopLimits[peer].map {
                        " min_ttl \($0.lowerBound) max_ttl \($0.upperBound)"
                    }
                    writer.line("\(peer)" + (limits ?? ""))
                }
            }
        }
        flag("check_unicast_src", instance.checksUnicastSource)
        if let authentication = instance.authentication {
            block("authentication") { writer in
                writer.line("auth_type PASS")
                writer.line("auth_pass", writer.quoted(authentication.password))
            }
        }
        write(instance.addresses, "virtual_ipaddress")
        write(instance.excludedAddresses, "virtual_ipaddress_excluded")
        write(instance.routes)
        flag("dont_track_primary", instance.ignoresPrimaryInterface)
        flag("promote_secondaries", instance.promotesSecondaries)
        write(instance.trackedScripts, "track_script")
        write(instance.trackedProcesses, "track_process")
        write(instance.trackedInterfaces, "track_interface")
        write(instance.trackedFiles, "track_file")
        write(instance.announcements)
        write(instance.notify)
    }

    private mutating func write(_ addresses: [AddressDefinition], _ keyword: String) {
        guard !addresses.isEmpty else { return }
        block(keyword) { writer in
            for address in addresses {
                writer.line(
                    "\(address.address)" + (address.prefixLength.map { "/\($0)" } ?? "")
                        + (address.interface.map { " dev \(writer.quoted($0))" } ?? "")
                        + (address.label.map { " label \(writer.quoted($0))" } ?? ""))
            }
        }
    }

    private func user(_ user: ScriptUser) -> String {
        quoted(user.user) + (user.group.map { " " + quoted($0) } ?? "")
    }

    /// In quotes where keepalived would make something else of it; between them a backslash is one.
    private func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word != "include" && !word.contains { $0.isWhitespace || "{}#!".contains($0) }
        return isPlain ? word : "\"\(word)\""
    }
}
