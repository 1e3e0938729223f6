import CLinux
import VRRP

/// Requests for routes and rules.
///
///     struct rtmsg         family 1, destination length 1, source length 1, tos 1, table 1, protocol 1, scope 1, type 1,
///                          flags 4
///     struct fib_rule_hdr  family 1, destination length 1, source length 1, tos 1, table 1, reserved 2, action 1, flags 4
extension NetlinkRequests {
    /// linux/rtnetlink.h and linux/fib_rules.h.
    private enum Number {
        static let newRoute: UInt16 = 24, deleteRoute: UInt16 = 25, newRule: UInt16 = 32, deleteRule: UInt16 = 33
        static let routeDestination: UInt16 = 1, outgoing: UInt16 = 4, gateway: UInt16 = 5, metric: UInt16 = 6
        static let preferredSource: UInt16 = 7, table: UInt16 = 15
        static let ruleDestination: UInt16 = 1, ruleSource: UInt16 = 2, incomingName: UInt16 = 3, preference: UInt16 = 6
        static let mark: UInt16 = 10, markMask: UInt16 = 16, outgoingName: UInt16 = 17
        static let onLink: UInt32 = 4
        /// `RTPROT_KEEPALIVED`.
        static let keepalived: UInt8 = 18
        static let nowhere: UInt8 = 255
    }

    /// Sets a route; it is refused with `EEXIST` where it is there.
    ///
    /// - Parameter index: that of its NIC; 0 for the one that leads to the gateway.
    mutating func add(_ route: VirtualRoute, by index: UInt32, sequence: UInt32) {
        request(
            Number.newRoute, flags: UInt16(NLM_F_REQUEST | NLM_F_CREATE), sequence: sequence, route, index,
            scope: route.scope ?? 0)
    }

    /// Takes a route away that was set by ``add(_:by:sequence:)`` or by keepalived.
    mutating func remove(_ route: VirtualRoute, by index: UInt32, sequence: UInt32) {
        request(
            Number.deleteRoute, flags: UInt16(NLM_F_REQUEST), sequence: sequence, route, index,
            scope: route.scope ?? Number.nowhere)
    }

    private mutating func request(
        _ type: UInt16, flags: UInt16, sequence: UInt32, _ route: VirtualRoute, _ index: UInt32, scope: UInt8
    ) {
        header(type, flags: flags, sequence: sequence) { octets in
            octets.append(route.destination.address.family.number)
            octets += [route.destination.length, 0, 0]
            octets.append(UInt8(exactly: route.table) ?? 0)
            octets += [Number.keepalived, scope, route.kind.number]
            octets.append(host: route.isOnLink ? Number.onLink : UInt32(0))
            if route.table > 255 { octets.attribute(Number.table, host: route.table) }
            if route.destination.length > 0 {
                octets.attribute(Number.routeDestination, route.destination.address.octets)
            }
            if let gateway = route.gateway { octets.attribute(Number.gateway, gateway.octets) }
            if let source = route.source { octets.attribute(Number.preferredSource, source.octets) }
            if index != 0 { octets.attribute(Number.outgoing, host: index) }
            if let metric = route.metric { octets.attribute(Number.metric, host: metric) }
        }
    }

    /// Sets a rule, also where it is there already.
    mutating func add(_ rule: VirtualRule, sequence: UInt32) {
        request(Number.newRule, flags: UInt16(NLM_F_REQUEST | NLM_F_CREATE), sequence: sequence, rule)
    }

    /// Takes a rule away.
    mutating func remove(_ rule: VirtualRule, sequence: UInt32) {
        request(Number.deleteRule, flags: UInt16(NLM_F_REQUEST), sequence: sequence, rule)
    }

    private mutating func request(_ type: UInt16, flags: UInt16, sequence: UInt32, _ rule: VirtualRule) {
        header(type, flags: flags, sequence: sequence) { octets in
            let (action, table): (UInt8, UInt32) =
                switch rule.action {
                case .lookUp(let table): (1, table)
                case .blackhole: (6, 0)
                case .unreachable: (7, 0)
                case .prohibit: (8, 0)
                }
            octets.append(rule.family.number)
            octets += [rule.destination?.length ?? 0, rule.source?.length ?? 0, 0]
            octets.append(UInt8(exactly: table) ?? 0)
            octets += [0, 0, action]
            octets.append(host: UInt32(0))
            if table > 255 { octets.attribute(Number.table, host: table) }
            if let prefix = rule.destination { octets.attribute(Number.ruleDestination, prefix.address.octets) }
            if let prefix = rule.source { octets.attribute(Number.ruleSource, prefix.address.octets) }
            if let name = rule.incoming { octets.attribute(Number.incomingName, Array(name.utf8) + [0]) }
            if let name = rule.outgoing { octets.attribute(Number.outgoingName, Array(name.utf8) + [0]) }
            if let preference = rule.preference { octets.attribute(Number.preference, host: preference) }
            if let mark = rule.mark { octets.attribute(Number.mark, host: mark) }
            if let mask = rule.markMask { octets.attribute(Number.markMask, host: mask) }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func attribute(_ type: UInt16, host value: UInt32) {
        var data: [UInt8] = []
        data.append(host: value)
        attribute(type, data)
    }
}

extension AddressFamily {
    fileprivate var number: UInt8 { self == .ipv6 ? UInt8(AF_INET6) : UInt8(AF_INET) }
}

extension VirtualRoute.Kind {
    /// `RTN_…`.
    fileprivate var number: UInt8 {
        switch self {
        case .unicast: 1
        case .blackhole: 6
        case .unreachable: 7
        case .prohibit: 8
        case .throw: 9
        }
    }
}
