extension GroupDefinition {
    /// `vrrp_sync_group`.
    static let keywords: [String: Keyword<GroupDefinition>] = {
        var table: [String: Keyword<GroupDefinition>] = [
            "group": .once { reader, statement, target in
                target.members = reader.lines(statement).flatMap { $0.words.map { $0.text } }
            },
            "track_script": .block { $0.references($1, into: &$2.trackedScripts) },
            "track_process": .block { $0.references($1, into: &$2.trackedProcesses) },
            "track_interface": .block { $0.references($1, into: &$2.trackedInterfaces) },
            "track_file": .block { $0.references($1, into: &$2.trackedFiles, atMost: Interpreter.mostFileWeight) },
            "global_tracking": .ignored("what a member tracks always counts for its group"),
            "sync_group_tracking_weight": .refused("weights count for each member; give the members their weights"),
            "smtp_alert": .ignored("no mail is sent; use `notify`"),
            "notify_priority_changes": .ignored("`notify` tells of states; the log tells of priorities"),
            "track_bfd": .refused("BFD is not spoken; remove it"),
        ]
        for (name, keyword) in NotifyDefinitions.keywords(of: GroupDefinition.self) { table[name] = keyword }
        return table
    }()
}
