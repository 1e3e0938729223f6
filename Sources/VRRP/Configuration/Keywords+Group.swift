extension GroupDefinition {
    /// `vrrp_sync_group`.
    static let keywords: [String: Keyword<GroupDefinition>] = {
        var table: [String: Keyword<GroupDefinition>] = [
            "group": .once { reader, statement, target in
                target.members = reader.lines(statement).flatMap { $0.words.map(\.text) }
            },
            "track_script": Interpreter.references(\.trackedScripts),
            "track_process": Interpreter.references(\.trackedProcesses),
            "track_interface": Interpreter.references(\.trackedInterfaces),
            "track_file": Interpreter.references(\.trackedFiles, atMost: Interpreter.mostFileWeight),
            "global_tracking": .ignored("what a member tracks always counts for its group"),
            "sync_group_tracking_weight": .refused("weights count for each member; give the members their weights"),
            "smtp_alert": .ignored("no mail is sent; use `notify`"),
            "notify_priority_changes": .ignored("`notify` tells of states; the log tells of priorities"),
            "track_bfd": .refused("BFD is not spoken; remove it"),
        ]
        for (name, keyword) in NotifyDefinitions.keywords(\GroupDefinition.notify) { table[name] = keyword }
        return table
    }()
}
