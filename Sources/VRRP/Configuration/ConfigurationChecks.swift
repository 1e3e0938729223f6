/// What can be told only of a whole configuration, with the places to tell it by.
struct ConfigurationChecks {
    /// Where each definition stands, in the order of the configuration's own lists.
    struct Places {
        var globals: [Statement] = []
        var scripts: [Word] = []
        var processes: [Word] = []
        var files: [Word] = []
        var instances: [Statement] = []
        var groups: [Statement] = []
        /// Which block stands above which, over all files.
        var sequence: [Place: Int] = [:]
    }

    var configuration = KeepalivedConfiguration()
    var places = Places()

    mutating func run(_ reader: inout Interpreter, file: String) {
        duplicates(places.scripts, configuration.scripts.map { $0.name }, "vrrp_script", &reader)
        duplicates(places.processes, configuration.processes.map { $0.name }, "vrrp_track_process", &reader)
        duplicates(places.files, configuration.files.map { $0.name }, "track_file", &reader)
        duplicates(
            places.instances.map { $0.keyword }, configuration.instances.map { $0.name }, "vrrp_instance", &reader)
        duplicates(places.groups.map { $0.keyword }, configuration.groups.map { $0.name }, "vrrp_sync_group", &reader)
        for (instance, statement) in zip(configuration.instances, places.instances) {
            let group = configuration.groups.first { $0.members.contains(instance.name) }
            InstanceCheck(configuration: configuration, instance: instance, group: group, statement: statement)
                .run(&reader)
            references(
                instance.trackedScripts, instance.trackedProcesses, instance.trackedFiles, in: statement, &reader)
        }
        for (group, statement) in zip(configuration.groups, places.groups) { check(group, statement, &reader) }
        shared(&reader)
        fifos(&reader)
        forgetUndefined()
        if configuration.instances.isEmpty, !reader.diagnostics.contains(where: { $0.severity == .error }) {
            reader.diagnostics.append(
                ConfigurationDiagnostic(
                    severity: .error, file: file, line: 1, column: 1,
                    message: "there is no `vrrp_instance`: nothing would be made available"))
        }
    }

    private func duplicates(_ words: [Word], _ names: [String], _ kind: String, _ reader: inout Interpreter) {
        var seen = Set<String>()
        for (word, name) in zip(words, names) where !seen.insert(name).inserted {
            reader.error(word, "there is another \(kind) \(name); give this one a name of its own")
        }
    }

    private func check(_ group: GroupDefinition, _ statement: Statement, _ reader: inout Interpreter) {
        if group.members.isEmpty {
            reader.error(statement.keyword, "\(statement.title) has no members; list instances in `group`")
        } else if group.members.count == 1 {
            reader.warn(statement.keyword, "\(statement.title) has one member: it changes nothing")
        }
        if Set(group.members).count < group.members.count {
            reader.error(statement.first("group"), "an instance is listed twice; remove one")
        }
        for member in group.members {
            let word = statement.word(member, below: "group")
            if !configuration.instances.contains(where: { $0.name == member }) {
                reader.error(word, "there is no vrrp_instance `\(word.shown)`")
            }
            if let other = configuration.groups.first(where: { $0.members.contains(member) }), other.name != group.name
            {
                reader.error(word, "`\(word.shown)` belongs to vrrp_sync_group \(other.name) already")
            }
        }
        references(group.trackedScripts, group.trackedProcesses, group.trackedFiles, in: statement, &reader)
    }

    /// Two virtual routers that others could not tell apart.
    private func shared(_ reader: inout Interpreter) {
        struct Identity: Hashable {
            var interface: String
            var family: AddressFamily
            var virtualRouterID: UInt8
        }
        var seen: [Identity: String] = [:]
        for (instance, statement) in zip(configuration.instances, places.instances) {
            guard let interface = instance.interface, let number = instance.virtualRouterID else { continue }
            let identity = Identity(interface: interface, family: instance.family, virtualRouterID: number)
            if let other = seen[identity] {
                reader.error(
                    statement.first("virtual_router_id"),
                    "vrrp_instance \(other) uses virtual_router_id \(number) on \(interface) already; choose another",
                    .sharedRouterID)
            }
            seen[identity] = instance.name
        }
    }

    private func fifos(_ reader: inout Interpreter) {
        let global = configuration.global
        for (fifo, script, name) in [
            (global.notifyFIFO, global.notifyFIFOScript, "notify_fifo"),
            (global.vrrpNotifyFIFO, global.vrrpNotifyFIFOScript, "vrrp_notify_fifo"),
        ] where fifo == nil && script != nil {
            guard let statement = places.globals.first(where: { $0.has(name + "_script") }) else { continue }
            reader.warn(statement.first(name + "_script"), "`\(name)_script` does nothing without `\(name)`")
        }
    }

    /// Like keepalived: what is defined nowhere is not tracked.
    private mutating func forgetUndefined() {
        let (scripts, processes) = (configuration.scripts.map { $0.name }, configuration.processes.map { $0.name })
        let files = configuration.files.map { $0.name }
        for index in configuration.instances.indices {
            configuration.instances[index].trackedScripts.removeAll { !scripts.contains($0.name) }
            configuration.instances[index].trackedProcesses.removeAll { !processes.contains($0.name) }
            configuration.instances[index].trackedFiles.removeAll { !files.contains($0.name) }
        }
        for index in configuration.groups.indices {
            configuration.groups[index].trackedScripts.removeAll { !scripts.contains($0.name) }
            configuration.groups[index].trackedProcesses.removeAll { !processes.contains($0.name) }
            configuration.groups[index].trackedFiles.removeAll { !files.contains($0.name) }
        }
    }

    private func references(
        _ scripts: [TrackReference], _ processes: [TrackReference], _ files: [TrackReference],
        in statement: Statement, _ reader: inout Interpreter
    ) {
        reference(
            files, configuration.files.map { $0.name }, places.files, in: statement, ("track_file", "track_file"),
            &reader)
        reference(
            scripts, configuration.scripts.map { $0.name }, places.scripts, in: statement,
            ("track_script", "vrrp_script"), &reader)
        reference(
            processes, configuration.processes.map { $0.name }, places.processes, in: statement,
            ("track_process", "vrrp_track_process"), &reader)
    }

    private func reference(
        _ references: [TrackReference], _ names: [String], _ definitions: [Word], in statement: Statement,
        _ keywords: (block: String, kind: String), _ reader: inout Interpreter
    ) {
        for reference in references {
            let word = statement.word(reference.name, below: keywords.block)
            guard let found = names.firstIndex(of: reference.name) else {
                let nearest = NearestWord.to(reference.name, among: names).map { "; did you mean `\($0)`?" } ?? ""
                reader.warn(
                    word, "there is no \(keywords.kind) `\(word.shown)`, so nothing is tracked here\(nearest)",
                    .undefinedCheck)
                continue
            }
            if places.sequence[definitions[found].place] ?? 0 > places.sequence[statement.keyword.place] ?? 0 {
                reader.warn(
                    word, "keepalived finds only what stands above: move \(keywords.kind) `\(word.shown)` up there")
            }
        }
    }
}

extension Statement {
    /// The first statement of this block with that keyword, to point at; the block's own beginning where there is none.
    func first(_ name: String) -> Word { block?.first { $0.keyword.text == name }?.keyword ?? keyword }

    /// A word inside the block of a statement of this block.
    func word(_ text: String, below name: String) -> Word {
        for statement in block ?? [] where statement.keyword.text == name {
            for line in statement.block ?? [] {
                if let word = line.words.first(where: { $0.text == text }) { return word }
            }
        }
        return keyword
    }
}
