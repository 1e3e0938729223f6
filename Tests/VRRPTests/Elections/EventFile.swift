import Foundation
import VRRP

/// A recorded course of events: settings, then events, each followed by the effects that it has to have.
///
///     router r vrid=51 nic=eth0 address=10.0.0.100/24 priority=100
///     at 0s nic eth0 up 10.0.0.1
///     at 0s start
///     > remove 10.0.0.100/24@eth0
///     > r initialize -> backup, started, 100
///     at 3.609375s timer
///
/// `timer` has to come at the very moment that the election asked for, and no event may come later than that moment but
/// `late`, a timer that the system delivered too late.
struct EventFile: Sendable {
    struct Step: Sendable {
        var line: Int
        var moment: Instant
        var isTimer = false
        var isLate = false
        var event: Event
        var effects: [String] = []
    }

    struct Malformed: Error, CustomStringConvertible {
        var line: Int
        var text: String
        var description: String { "line \(line) is not understood: \(text)" }
    }

    var settings = ElectionSettings(routers: [])
    var steps: [Step] = []

    init(_ text: String) throws {
        for (number, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = raw.prefix { $0 != "#" }
            let words = Words(line, number: number + 1, text: String(raw))
            guard let first = words.first else { continue }
            switch first {
            case "router", "group": try addSettings(words, indented: line.first == " ")
            case "at": steps.append(try step(words))
            case ">":
                guard !steps.isEmpty else { throw words.malformed }
                steps[steps.count - 1].effects.append(words.rest(from: 1))
            default: throw words.malformed
            }
        }
    }

    /// Indented ones belong to the `reconfigure` before them.
    private mutating func addSettings(_ words: Words, indented: Bool) throws {
        var target = settings
        if indented {
            guard case .reconfigure(let given)? = steps.last?.event else { throw words.malformed }
            target = given
        }
        if words.first == "router" {
            target.routers.append(try words.router())
        } else {
            target.groups.append(
                SyncGroupSettings(
                    name: try words.word(1), routers: words.list("routers"), tracked: try words.tracked()))
        }
        if indented { steps[steps.count - 1].event = .reconfigure(target) } else { settings = target }
    }

    private func step(_ words: Words) throws -> Step {
        let moment = Instant(nanoseconds: 0).advanced(by: try words.duration(words.word(1)))
        func step(_ event: Event) -> Step { Step(line: words.number, moment: moment, event: event) }
        switch try words.word(2) {
        case "start": return step(.start)
        case "timer":
            return Step(line: words.number, moment: moment, isTimer: true, event: .timer)
        case "late":
            return Step(line: words.number, moment: moment, isLate: true, event: .timer)
        case "receive":
            let (advertisement, reception) = try words.advertisement(settings.routers)
            return step(.received(advertisement, reception))
        case "malformed": return step(.malformed(.wrongChecksum, try words.reception()))
        case "nic":
            let addresses = try words.all(from: 5).map(words.address)
            return step(
                .interface(try words.word(3), InterfaceState(isUp: try words.word(4) == "up", addresses: addresses)))
        case "up": return step(.tracked(try words.target(words.word(3)), isUp: true))
        case "down": return step(.tracked(try words.target(words.word(3)), isUp: false))
        case "value":
            guard let value = Int(try words.word(4)) else { throw words.malformed }
            return step(.measured(try words.target(words.word(3)), value))
        case "lost": return step(.addressLost(try words.virtualAddress(words.word(3), nic: "eth0")))
        case "resign":
            let router = try words.word(3)
            return step(
                .resign(router: router == "all" ? nil : router, stayAway: try words.duration(words.word(4))))
        case "reconfigure": return step(.reconfigure(ElectionSettings(routers: [])))
        case "shutdown": return step(.shutdown)
        default: throw words.malformed
        }
    }
}
