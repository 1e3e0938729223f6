extension Interpreter {
    /// Blocks that this daemon has nothing to do with, and why none of them can be left out.
    private static let refusedBlocks = [
        "virtual_server": "this daemon does no IPVS load balancing; keep keepalived for it, or remove it",
        "virtual_server_group": "this daemon does no IPVS load balancing; keep keepalived for it, or remove it",
        "bfd_instance": "BFD is not spoken; remove it",
        "vrrp_track_file": "use a `vrrp_script` that looks at the file",
        "track_file": "use a `vrrp_script` that looks at the file",
        "static_ipaddress": "give the host its own addresses beside it",
        "static_routes": "set routes up beside it",
        "static_rules": "set rules up beside it",
        "garp_group": "addresses are announced at once; remove it",
        "linkbeat_interfaces": "the kernel tells of links; remove it",
        "net_namespace": "start the daemon inside the namespace",
        "net_namespace_ipvs": "this daemon does no IPVS load balancing; remove it",
        "namespace_with_ipsets": "packet filters are left alone; remove it",
        "instance": "start one daemon for each configuration",
    ]

    private static let knownBlocks =
        ["global_defs", "vrrp_script", "vrrp_track_process", "vrrp_instance", "vrrp_sync_group", "include"]

    mutating func readAll(_ statements: [Statement], into checks: inout ConfigurationChecks) {
        for statement in statements {
            let keyword = statement.keyword
            switch keyword.text {
            case "global_defs":
                read(
                    block(statement), into: &checks.configuration.global, by: GlobalDefinitions.keywords,
                    in: "global_defs")
            case "vrrp_script":
                guard let name = name(statement) else { continue }
                var script = ScriptDefinition(name: name, command: [])
                read(block(statement), into: &script, by: ScriptDefinition.keywords, in: "vrrp_script \(name)")
                if script.command.isEmpty {
                    error(keyword, "vrrp_script \(name) has no `script`; add the command that it runs")
                }
                checks.places.scripts.append(keyword)
                checks.configuration.scripts.append(script)
            case "vrrp_track_process":
                guard let name = name(statement) else { continue }
                var process = ProcessDefinition(name: name, command: [])
                read(block(statement), into: &process, by: ProcessDefinition.keywords, in: "vrrp_track_process \(name)")
                if process.command.isEmpty {
                    error(keyword, "vrrp_track_process \(name) has no `process`; add the program's name")
                }
                checks.places.processes.append(keyword)
                checks.configuration.processes.append(process)
            case "vrrp_instance":
                guard let name = name(statement) else { continue }
                var instance = InstanceDefinition(name: name)
                read(block(statement), into: &instance, by: InstanceDefinition.keywords, in: "vrrp_instance \(name)")
                checks.places.instances.append(statement)
                checks.configuration.instances.append(instance)
            case "vrrp_sync_group":
                guard let name = name(statement) else { continue }
                var group = GroupDefinition(name: name)
                read(block(statement), into: &group, by: GroupDefinition.keywords, in: "vrrp_sync_group \(name)")
                checks.places.groups.append(statement)
                checks.configuration.groups.append(group)
            default:
                if let why = Self.refusedBlocks[keyword.text] {
                    error(keyword, "`\(keyword.text)` is not supported: \(why)")
                } else {
                    unknown(keyword, among: Self.knownBlocks, in: "the configuration")
                }
            }
        }
    }

    private mutating func name(_ statement: Statement) -> String? { argument(statement, "one name")?.text }
}
