import Inventory
import Planning
import Provisioning
import Texts

extension Console {
    /// Shows what happens while a command is at work.
    func show(_ event: RunEvent) {
        switch event {
        case .stage(let name):
            progress { board, _ in board.clear() }
            say(bold(name))
            emit(["type": "stage", "name": .text(name)])
            // While hosts are connected to, the terminal may be asked for a passphrase.
            if name != "Connect" { progress { $0.pass("at work", at: $1) } }
        case .connected(let host):
            if isVerbose { say("  \(host): connected") }
            emit(["type": "connected", "host": .text(host)])
        case .started(let host, let summary):
            progress {
                $0.endPassing(); $0.start(summary, on: host, at: $1)
            }
            emit(["type": "started", "host": .text(host), "step": .text(summary)])
        case .working(let host, let summary, let part):
            if !isMoving { say("  \(dim("…")) \(host): \(summary): \(part)") }
            emit(["type": "working", "host": .text(host), "step": .text(summary), "part": .text(part)])
        case .finished(let host, let summary):
            progress { board, _ in board.end(summary, on: host) }
            say("  \(green("✓")) " + Layout.wrap("\(host): \(summary)", width: width, indent: 4))
            emit(["type": "finished", "host": .text(host), "step": .text(summary)])
        case .failed(let host, let summary):
            progress { board, _ in board.end(summary, on: host) }
            say("  \(red("✗")) " + Layout.wrap("\(host): \(summary)", width: width, indent: 4))
            emit(["type": "failed", "host": .text(host), "step": .text(summary)])
        case .note(let host, let text):
            let place = host.map { "\($0): " } ?? ""
            say("  \(yellow("!")) " + Layout.wrap(place + text, width: width, indent: 4))
            emit(["type": "note", "host": host.map(JSONValue.text) ?? .null, "text": .text(text)])
        case .output(let host, let line):
            progress { board, _ in board.detail(line, on: host) }
            if isVerbose {
                say(dim("  \(host) | \(line.printable)"))
                emit(["type": "output", "host": .text(host), "line": .text(line)])
            }
        case .uploading(let host, let sent, let total):
            let text = sent < total ? "\(sent >> 20) of \(total >> 20) MiB sent" : ""
            progress { board, _ in board.detail(text, on: host) }
        }
    }

    /// The plan, host by host, with diffs.
    func show(_ plan: Plan) {
        for build in plan.builds {
            let text = "\(build.host): \(build.summary), once for all hosts of its kind"
            say("  \(yellow("~")) " + Layout.wrap(text, width: width, indent: 4))
            emit([
                "type": "build", "host": .text(build.host), "product": .text(build.product),
                "version": .text(build.version), "tarball": .text(build.tarball), "build": .text(build.id.value),
            ])
        }
        for host in plan.hosts where !host.steps.isEmpty {
            say(bold(host.host))
            for step in host.steps { show(step, on: host.host) }
            if let impact = host.impact { show(impact, on: host.host) }
        }
        for note in plan.notes {
            say("\(yellow("!")) " + Layout.wrap(note, width: width, indent: 2))
            emit(["type": "note", "host": .null, "text": .text(note)])
        }
    }

    private func show(_ impact: Impact, on host: String) {
        let mark = impact.isNothing ? dim("=") : yellow("!")
        say("  \(mark) " + Layout.wrap(impact.text, width: width, indent: 4))
        emit([
            "type": "impact", "host": .text(host), "text": .text(impact.text),
            "addresses": .list(impact.addresses.map(JSONValue.text)),
            "gap_ms": impact.gap.map(JSONValue.number) ?? .null, "cuts_connections": .flag(impact.cutsConnections),
        ])
    }

    /// What a change does to a file; nothing where that is not known.
    func say(diff: String?) {
        for line in (diff ?? "").split(separator: "\n") {
            let text = String(line)
            let isHead = text.hasPrefix("+++ ") || text.hasPrefix("--- ")
            say(
                "      "
                    + (isHead
                        ? dim(text) : text.hasPrefix("+") ? green(text) : text.hasPrefix("-") ? red(text) : dim(text)))
        }
    }

    private func show(_ step: Step, on host: String) {
        switch step {
        case .change(let change):
            say("  \(green("+")) " + Layout.wrap(change.summary, width: width, indent: 4))
            say(diff: change.diff)
            emit([
                "type": "change", "host": .text(host), "resource": .text("\(change.subject)"),
                "summary": .text(change.summary), "diff": change.diff.map(JSONValue.text) ?? .null,
            ])
        case .check(let check):
            say("  \(dim("?")) \(dim(check.summary))")
        case .undo(let undo) where undo.marksOnly: break
        case .undo(let undo):
            say("  \(red("-")) \(undo.summary)")
            if let edit = undo.edit {
                let text = "somebody has changed it since; what stands there will be kept as \(undo.kept)"
                say("    \(yellow("!")) " + Layout.wrap(text, width: width, indent: 6))
                say(diff: edit)
            }
            emit([
                "type": "undo", "host": .text(host), "run": .text(undo.run), "resource": .text("\(undo.subject)"),
                "summary": .text(undo.summary), "diff": undo.edit.map(JSONValue.text) ?? .null,
                "kept": undo.edit == nil ? .null : .text(undo.kept),
            ])
        }
    }
}
