import CLinux
import VRRP

/// Sets the routes and rules of routers that are master, and takes them away.
///
/// Routes carry keepalived's protocol number: what is taken away is never a route that somebody else has set. They are set
/// once more with every refresh, so that one comes back that was removed, or whose NIC came late.
final class RouteKeeper {
    private let host: HostWatch
    private let log: Log
    private let socket: NetlinkSocket
    /// How many masters have it.
    private var routes: [VirtualRoute: Int] = [:]
    private var rules: [VirtualRule: Int] = [:]
    /// What has been asked for or taken back in this turn, in that order: what becomes of it is known at its end.
    private var touched = RouteSet()
    private var refused: Set<String> = []

    init(host: HostWatch, log: Log) throws(SystemError) {
        self.host = host
        self.log = log
        socket = try NetlinkSocket()
    }

    /// One more master has them.
    func add(_ set: RouteSet) {
        for route in set.routes { routes[route, default: 0] += 1 }
        for rule in set.rules { rules[rule, default: 0] += 1 }
        touch(set)
    }

    /// A master no longer has them, or a beginning one finds them left over.
    func remove(_ set: RouteSet) {
        for route in set.routes { decrement(route, in: &routes) }
        for rule in set.rules { decrement(rule, in: &rules) }
        touch(set)
    }

    private func decrement<Item>(_ item: Item, in counts: inout [Item: Int]) {
        let rest = (counts[item] ?? 0) - 1
        counts[item] = rest > 0 ? rest : nil
    }

    private func touch(_ set: RouteSet) {
        touched.routes += set.routes
        touched.rules += set.rules
    }

    private func append(removalOf route: VirtualRoute, to requests: inout NetlinkRequests) {
        guard let index = index(of: route) else { return }
        requests.remove(route, by: index, sequence: 0)
    }

    /// 0 where no NIC is named; nil where it is not there, and the route with it.
    private func index(of route: VirtualRoute) -> UInt32? {
        guard let interface = route.interface else { return 0 }
        return host.interfaces.index(interface)
    }

    /// Takes away what is to go: before the addresses, which some routes need.
    func flushRemovals() {
        guard !touched.isEmpty else { return }
        var removals = NetlinkRequests()
        for route in touched.routes where routes[route] == nil { append(removalOf: route, to: &removals) }
        for rule in touched.rules where rules[rule] == nil { removals.remove(rule, sequence: 0) }
        if !removals.isEmpty { write(removals) { _, _ in } }
    }

    /// Sets what is to be there, once the addresses are, and begins anew.
    func flushAdditions() {
        guard !touched.isEmpty else { return }
        var additions = NetlinkRequests()
        // What each request is for; its place is the sequence number less 1.
        var names: [String] = []
        for route in touched.routes where routes[route] != nil {
            guard let index = index(of: route) else { continue }
            names.append("route \(route.text)")
            additions.add(route, by: index, sequence: UInt32(names.count))
        }
        for rule in touched.rules where rules[rule] != nil {
            // The kernel takes a rule as often as it is told: one that is there already would be there twice.
            additions.remove(rule, sequence: 0)
            names.append("rule \(rule.text)")
            additions.add(rule, sequence: UInt32(names.count))
        }
        touched = RouteSet()
        guard !additions.isEmpty else { return }
        write(additions) { [self] sequence, number in
            guard number != EEXIST, names.indices.contains(sequence - 1),
                refused.insert(names[sequence - 1]).inserted
            else { return }
            log(.warning, "\(names[sequence - 1]) cannot be set: \(String(cString: strerror(number)))")
        }
    }

    /// Sets every route once more, at the end of the turn.
    func refresh() { touched.routes += routes.keys }

    /// Requests that would take away all that is set.
    var allRemovals: [UInt8] {
        var requests = NetlinkRequests()
        for route in routes.keys { append(removalOf: route, to: &requests) }
        for rule in rules.keys { requests.remove(rule, sequence: 0) }
        return requests.octets
    }

    private func write(_ requests: NetlinkRequests, refused: (Int, Int32) -> Void) {
        do throws(SystemError) { try socket.write(requests) } catch { log(.error, "\(error)") }
        _ = socket.read(atMost: .max) { message in
            guard case .refusal(let number, let sequence) = message, number != 0 else { return }
            refused(Int(sequence), number)
        }
    }
}

extension VirtualRoute {
    /// For the log.
    fileprivate var text: String {
        "\(destination.address)/\(destination.length)" + (gateway.map { " via \($0)" } ?? "")
            + (interface.map { " dev \($0)" } ?? "") + (table == Self.mainTable ? "" : " table \(table)")
    }
}

extension VirtualRule {
    /// For the log.
    fileprivate var text: String {
        func text(_ word: String, _ prefix: AddressPrefix?) -> String {
            prefix.map { " \(word) \($0.address)/\($0.length)" } ?? ""
        }
        return "\(preference ?? 0)" + text("from", source) + text("to", destination)
    }
}
