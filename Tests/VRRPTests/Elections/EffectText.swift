import VRRP

/// Effects as event files write them.
enum EffectText {
    static func line(_ effect: Effect) -> String {
        switch effect {
        case .send(let transmission):
            let destinations = transmission.destinations.map(\.description).joined(separator: ",")
            return "send \(transmission.router) \(transmission.advertisement.priority) "
                + "\(transmission.source) -> \(destinations)"
        case .addAddresses(let addresses): return "add " + list(addresses)
        case .removeAddresses(let addresses): return "remove " + list(addresses)
        case .addRoutes(let set): return "add routes " + list(set)
        case .removeRoutes(let set): return "remove routes " + list(set)
        case .announce(let addresses, let count):
            return "announce \(addresses.map(\.address.description).joined(separator: " ")) times \(count)"
        case .announceSource(let address, let interface): return "announce source \(address) on \(interface)"
        case .routerChanged(let name, let transition): return name + " " + text(transition)
        case .groupChanged(let name, let transition): return "group \(name) " + text(transition)
        case .notice(let notice): return "notice " + text(notice)
        }
    }

    private static func list(_ set: RouteSet) -> String {
        set.routes.map { "\($0.destination.address)/\($0.destination.length)" }.joined(separator: " ")
    }

    private static func list(_ addresses: [VirtualAddress]) -> String {
        addresses.map { "\($0.address)/\($0.prefixLength)@\($0.label ?? $0.interface)" }.joined(separator: " ")
    }

    private static func text(_ transition: Transition) -> String {
        "\(transition.from) -> \(transition.to), \(text(transition.cause)), \(transition.priority)"
    }

    private static func text(_ cause: Cause) -> String {
        switch cause {
        case .started, .recovered, .resigned, .reconfigured, .shutdown: "\(cause)"
        case .masterSilent: "silence"
        case .masterResigned(let peer): "\(peer) resigned"
        case .preempting(let peer): "preempting \(peer)"
        case .betterMaster(let peer, let priority): "\(peer) has \(priority)"
        case .down(let targets): "down " + targets.map(text).joined(separator: " ")
        case .group(let router): "with \(router)"
        }
    }

    static func text(_ target: TrackTarget) -> String {
        switch target {
        case .script(let name): "script:" + name
        case .process(let name): "process:" + name
        case .interface(let name): "nic:" + name
        case .file(let name): "file:" + name
        }
    }

    private static func text(_ notice: Notice) -> String {
        switch notice {
        case .splitBrain(let router, let peer, let priority): "\(router) split brain \(peer) \(priority)"
        case .splitBrainHealed(let router, let peer): "\(router) healed \(peer)"
        case .wrongAuthentication(let router, let peer): "\(router) wrong authentication \(peer)"
        case .intervalMismatch(let router, let peer, let theirs): "\(router) interval \(peer) \(theirs)"
        case .addressMismatch(let router, let peer, let theirs):
            "\(router) addresses \(peer) \(theirs.map(\.description).joined(separator: ","))"
        case .versionMismatch(let router, let peer, let theirs): "\(router) version \(peer) \(theirs.rawValue)"
        case .wrongHopLimit(let router, let peer, let hopLimit): "\(router) hops \(peer) \(hopLimit)"
        case .foreignRouter(let router, let peer): "\(router) foreign \(peer)"
        case .unlistedPeer(let router, let peer): "\(router) unlisted \(peer)"
        case .malformed(let interface, let peer, let error): "\(interface) malformed \(peer) \(error)"
        case .addressRestored(let router, let address): "\(router) restored \(address)"
        case .noSourceAddress(let router, let interface, let wanted):
            "\(router) no source" + (wanted.map { " \($0)" } ?? "") + " on \(interface)"
        case .priorityClamped(let router, let wanted): "\(router) clamped \(wanted)"
        }
    }
}
