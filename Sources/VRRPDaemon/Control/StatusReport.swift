import Texts
import VRRP

/// What an operator or a monitoring system may ask of the daemon, at one moment.
struct StatusReport {
    /// Something that is tracked.
    struct Check {
        var target: TrackTarget
        /// Nil where the first answer is still to come.
        var isUp: Bool?
    }

    var version: String
    var process: Int32
    /// Since the worker began.
    var uptime: Duration
    var now: Instant
    var routers: [RouterStatus]
    var checks: [Check]
    /// How deaths of processes are learned of; nil where none are watched.
    var sentinel: SentinelKind?

    /// For people: a line a router, and what is wrong below it.
    var text: String {
        var lines: [String] = []
        for router in routers {
            var line = "\(router.name): \(router.state.text), priority \(router.priority)"
            if let since = router.since { line += ", for \(since.duration(to: now).text)" }
            if router.state == .backup, let master = router.master {
                line += ", master \(master)" + (router.masterPriority.map { " (priority \($0))" } ?? "")
            }
            lines.append(line)
            if !router.down.isEmpty {
                lines.append("  down: " + router.down.map { $0.text }.joined(separator: ", "))
            }
            if !router.rivals.isEmpty {
                lines.append(
                    "  split brain: \(router.rivals.map { $0.description }.joined(separator: ", ")) says that it is master too"
                )
            }
        }
        for check in checks {
            lines.append("\(check.target.text): " + (check.isUp.map { $0 ? "up" : "down" } ?? "not known yet"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For programs.
    var json: String {
        JSONText.object([
            ("version", .text(version)), ("pid", .number(UInt64(process))), ("uptime_seconds", .number(uptime.seconds)),
            ("watch_by", sentinel.map { .text($0.rawValue) } ?? .null),
            (
                "routers",
                .list(
                    routers.map { router in
                        .object(
                            [
                                ("name", .text(router.name)), ("state", .text(router.state.text)),
                                ("priority", .number(UInt64(router.priority))),
                                (
                                    "since_seconds",
                                    router.since.map { .number($0.duration(to: now).seconds) } ?? .null
                                ),
                                ("master", router.master.map { .text("\($0)") } ?? .null),
                                ("master_priority", router.masterPriority.map { .number(UInt64($0)) } ?? .null),
                                ("rivals", .list(router.rivals.map { .text("\($0)") })),
                                ("down", .list(router.down.map { .text($0.text) })),
                                (
                                    "counters",
                                    .object(router.counters.named.map { ($0.name, .number($0.value)) })
                                ),
                            ])
                    })
            ),
            (
                "checks",
                .list(
                    checks.map {
                        .object([("name", .text($0.target.text)), ("up", $0.isUp.map { .flag($0) } ?? .null)])
                    })
            ),
        ]).description + "\n"
    }

    /// Counters for people.
    var statistics: String {
        routers.map { router in
            "\(router.name)\n"
                + router.counters.named.map { "  \($0.name.replacing("_", by: " ")): \($0.value)\n" }.joined()
        }.joined()
    }

    /// Prometheus' text format, version 0.0.4.
    var metrics: String {
        var text = ""
        func family(_ name: String, _ kind: String, _ help: String, _ samples: [(labels: String, value: String)]) {
            guard !samples.isEmpty else { return }
            text += "# HELP haprov_vrrp_\(name) \(help)\n# TYPE haprov_vrrp_\(name) \(kind)\n"
            for sample in samples { text += "haprov_vrrp_\(name)\(sample.labels) \(sample.value)\n" }
        }
        family(
            "info", "gauge", "The daemon and its version.", [("{version=\"\(version)\"}", "1")])
        family("uptime_seconds", "gauge", "Since the daemon's worker began.", [("", "\(uptime.seconds)")])
        family(
            "state", "gauge", "1 for the state that the router is in, 0 for the others.",
            routers.flatMap { router in
                [RouterState.initialize, .backup, .master, .fault].map { state in
                    (
                        "{router=\(label(router.name)),state=\"\(state.text.lowercased())\"}",
                        router.state == state ? "1" : "0"
                    )
                }
            })
        family(
            "priority", "gauge", "The priority with all weights.",
            routers.map { ("{router=\(label($0.name))}", "\($0.priority)") })
        family(
            "rivals", "gauge", "Other masters that are heard: more than 0 is a split brain.",
            routers.map { ("{router=\(label($0.name))}", "\($0.rivals.count)") })
        for (index, counter) in RouterCounters().named.enumerated() {
            family(
                "\(counter.name)_total", "counter", counter.help,
                routers.map { ("{router=\(label($0.name))}", "\($0.counters.named[index].value)") })
        }
        family(
            "check_up", "gauge", "Whether what is tracked is up.",
            checks.compactMap { check in
                check.isUp.map { ("{check=\(label(check.target.text))}", $0 ? "1" : "0") }
            })
        return text
    }

    private func label(_ text: String) -> String {
        "\"" + text.replacing("\\", by: "\\\\").replacing("\"", by: "\\\"").replacing("\n", by: "\\n") + "\""
    }
}

extension RouterCounters {
    /// Each with its name and what it counts.
    var named: [(name: String, help: String, value: UInt64)] {
        [
            ("became_master", "Times that the router became master.", becameMaster),
            ("released_master", "Times that the router stopped being master.", releasedMaster),
            ("advertisements_sent", "Advertisements sent.", advertisementsSent),
            ("advertisements_received", "Advertisements accepted.", advertisementsReceived),
            ("priority_zero_sent", "Resignations sent.", priorityZeroSent),
            ("priority_zero_received", "Resignations received.", priorityZeroReceived),
            ("split_brains", "Times that another master was heard while master.", splitBrains),
            ("authentication_failures", "Advertisements dropped for their password.", authenticationFailures),
            ("interval_mismatches", "Advertisements with another interval.", intervalMismatches),
            ("address_mismatches", "Advertisements with other addresses.", addressMismatches),
            ("version_mismatches", "Advertisements dropped for their version.", versionMismatches),
            ("hop_limit_errors", "Advertisements dropped for their TTL or hop limit.", hopLimitErrors),
            ("foreign_advertisements", "Advertisements dropped because no peer sent them.", foreignAdvertisements),
            ("addresses_restored", "Addresses put back after somebody else removed them.", addressesRestored),
        ]
    }
}

extension String {
    /// Without Foundation and without regular expressions.
    func replacing(_ character: Character, by text: String) -> String {
        reduce(into: "") { $0 += $1 == character ? text : String($1) }
    }
}

extension Duration {
    /// What is left of a second cut off; 0 for what lies in the past.
    var seconds: UInt64 { UInt64(max(0, components.seconds)) }
}
