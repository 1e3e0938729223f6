extension Interpreter {
    /// Blocks that this daemon has nothing to do with, and why none of them can be left out.
    static let refusedBlocks = [
        "virtual_server": "this daemon does no IPVS load balancing; keep keepalived for it, or remove it",
        "virtual_server_group": "this daemon does no IPVS load balancing; keep keepalived for it, or remove it",
        "bfd_instance": "BFD is not spoken; remove it",
        "static_ipaddress": "give the host its own addresses beside it",
        "static_routes": "set routes up beside it",
        "static_rules": "set rules up beside it",
        "interface_up_down_delays": "a NIC counts as soon as the kernel tells of it; remove it",
        "track_group": "static addresses are not set; remove it",
        "garp_group": "addresses are announced at once; remove it",
        "linkbeat_interfaces": "the kernel tells of links; remove it",
        "net_namespace": "start the daemon inside the namespace",
        "net_namespace_ipvs": "this daemon does no IPVS load balancing; remove it",
        "namespace_with_ipsets": "packet filters are left alone; remove it",
        "instance": "start one daemon for each configuration",
    ]

    private static let knownBlocks =
        [
            "global_defs", "vrrp_script", "vrrp_track_process", "track_file", "vrrp_track_file", "vrrp_instance",
            "vrrp_sync_group", "include",
        ]

    /// Whether it, or anything inside it, means something at the top.
    private static func isKnown(_ statement: Statement) -> Bool {
        let text = statement.keyword.text
        return knownBlocks.contains(text) || refusedBlocks[text] != nil
            || (statement.block ?? []).contains(where: isKnown)
    }

    mutating func readAll(_ statements: [Statement], into checks: inout ConfigurationChecks) {
        for statement in statements {
            let keyword = statement.keyword
            checks.places.sequence[keyword.place] = checks.places.sequence.count
            switch keyword.text {
            case "global_defs":
                checks.places.globals.append(statement)
                read(
                    block(statement), into: &checks.configuration.global, by: GlobalDefinitions.keywords,
                    in: "global_defs")
            case "vrrp_script":
                var script = ScriptDefinition(name: name(of: statement), command: [])
                define(statement, &script, by: ScriptDefinition.keywords)
                if script.command.isEmpty, !statement.has("script") {
                    error(keyword, "\(statement.title) has no `script`; add the command that it runs")
                }
                checks.places.scripts.append(keyword)
                checks.configuration.scripts.append(script)
            case "vrrp_track_process":
                var process = ProcessDefinition(name: name(of: statement), command: [])
                define(statement, &process, by: ProcessDefinition.keywords)
                if process.command.isEmpty, !statement.has("process") {
                    error(keyword, "\(statement.title) has no `process`; add the program's name")
                }
                if let maximum = process.maximum, maximum < process.quorum ?? 1 {
                    error(statement.first("quorum_max"), "`quorum_max` is less than `quorum`")
                }
                checks.places.processes.append(keyword)
                checks.configuration.processes.append(process)
            case "track_file", "vrrp_track_file":
                var file = FileDefinition(name: name(of: statement))
                define(statement, &file, by: FileDefinition.keywords)
                if file.path.isEmpty, !statement.has("file") {
                    error(keyword, "\(statement.title) has no `file`; add the path of the file that it reads")
                }
                checks.places.files.append(keyword)
                checks.configuration.files.append(file)
            case "vrrp_instance":
                var instance = InstanceDefinition(name: name(of: statement))
                define(statement, &instance, by: InstanceDefinition.keywords)
                checks.places.instances.append(statement)
                checks.configuration.instances.append(instance)
            case "vrrp_sync_group":
                var group = GroupDefinition(name: name(of: statement))
                define(statement, &group, by: GroupDefinition.keywords)
                checks.places.groups.append(statement)
                checks.configuration.groups.append(group)
            default:
                if let why = Self.refusedBlocks[keyword.text] {
                    error(keyword, "`\(keyword.text)` is not supported: \(why)", .notDoneHere)
                } else if NearestWord.to(keyword.text, among: Self.knownBlocks) != nil {
                    // Most likely a block that would be missed.
                    unknown(keyword, among: Self.knownBlocks, in: "the configuration")
                } else {
                    warn(
                        keyword, "unknown keyword `\(keyword.shown)` in the configuration is ignored; remove it",
                        .unknownKeyword)
                    // To keepalived this is no block, so what stands in it counts.
                    readAll((statement.block ?? []).filter(Self.isKnown), into: &checks)
                }
            }
        }
    }

    private mutating func define<Target>(
        _ statement: Statement, _ target: inout Target, by table: [String: Keyword<Target>]
    ) {
        read(block(statement, behind: 2), into: &target, by: table, in: statement.title)
    }

    private mutating func name(of statement: Statement) -> String {
        if let word = statement.arguments.first { return word.text }
        error(statement.keyword, "`\(statement.keyword.text)` needs a name of its own behind it")
        return ""
    }
}

extension Statement {
    /// A block's keyword and its name.
    var title: String { ([keyword.text] + arguments.prefix(1).map { $0.shown }).joined(separator: " ") }

    /// Whether this block has a statement with that keyword.
    func has(_ name: String) -> Bool { block?.contains { $0.keyword.text == name } ?? false }
}
