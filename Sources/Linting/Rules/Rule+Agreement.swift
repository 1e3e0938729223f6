import HAProxyReading
import Inventory
import Texts
import VRRP
import YAMLReading

/// What balancers do not agree on.
extension Rule {
    static let agreement = [
        Rule(
            "HV401", .error, Explanation("Different virtual router IDs", "VRID 不一致"),
            Explanation(
                "Balancers with different `virtual_router_id`s do not hear each other: each becomes master and holds the "
                    + "address, and clients reach one or the other by chance.",
                "`virtual_router_id` 不同的主机听不到彼此:各自成为 master,都持有地址,客户端碰巧连上哪一台就是哪一台。"),
            wrong: "lb1: virtual_router_id 51\nlb2: virtual_router_id 52", right: "51 on both",
            judge: {
                disagreements($0, "virtual_router_id", { $0.settings.virtualRouterID }) {
                    "\($0) has virtual_router_id \($2), and \($1) has \($3): neither hears the other, both hold the address"
                }
            }),
        Rule(
            "HV402", .error, Explanation("Different advertisement intervals", "通告间隔不一致"),
            Explanation(
                "With version 2 a backup discards advertisements of another interval than its own, and becomes master beside "
                    + "the master. With version 3 it goes by the master's, so that the time of a takeover depends on who is "
                    + "master.",
                "第 2 版中,备机丢弃间隔与自己不同的通告,于是在 master 之外再成为 master。第 3 版则采用 master 的间隔,接管时间因谁是 master 而异。"),
            wrong: "lb1: advert_int 1\nlb2: advert_int 2", right: "1 on both",
            judge: {
                disagreements($0, "advert_int", { $0.settings.advertisementInterval.wholeMilliseconds }) {
                    "\($0) advertises every \(Notation.duration($2)), and \($1) every \(Notation.duration($3)): with version "
                        + "2 each discards what the other says, and both hold the address"
                }
            }),
        Rule(
            "HV403", .error, Explanation("Different passwords", "密码不一致"),
            Explanation(
                "Advertisements with another password, or with none, are discarded: both balancers become master.",
                "密码不同或没有密码的通告会被丢弃:两台都成为 master。"),
            wrong: "lb1: auth_pass secret01\nlb2: auth_pass secret02", right: "the same on both",
            judge: {
                disagreements($0, "authentication", { $0.settings.authentication }) { one, other, _, _ in
                    "\(one) and \(other) have different passwords, or only one has any: each discards what the other says, "
                        + "and both hold the address"
                }
            }),
        Rule(
            "HV404", .error, Explanation("Different virtual addresses", "虚拟地址不一致"),
            Explanation(
                "keepalived compares the addresses that are advertised with its own, and discards what differs (unless "
                    + "`vrrp_skip_check_adv_addr` says otherwise). And what one balancer does not have does not move to it.",
                "keepalived 会比较通告中的地址与自己的,不同就丢弃(除非写了 `vrrp_skip_check_adv_addr`)。而且一台没有的地址不会漂移到它上面。"),
            wrong: "lb1: 192.0.2.100, 192.0.2.101\nlb2: 192.0.2.100", right: "the same on both",
            judge: {
                disagreements($0, "virtual_ipaddress", { router in router.addresses.map { "\($0)" }.sorted() }) {
                    "\($0) has \(list($2)), and \($1) has \(list($3)): what only one has moves to nobody"
                }
            }),
        Rule(
            "HV405", .error, Explanation("Different versions of VRRP", "VRRP 版本不一致"),
            Explanation(
                "Version 2 and version 3 do not understand each other: both balancers become master.",
                "第 2 版与第 3 版互不相通:两台都成为 master。"),
            wrong: "lb1: vrrp_version 3\nlb2: nothing", right: "the same on both",
            judge: {
                disagreements($0, "version", { $0.settings.version == .v3 ? 3 : 2 }) {
                    "\($0) speaks version \($2), and \($1) version \($3): neither understands the other, both hold the address"
                }
            }),
        Rule(
            "HV406", .error, Explanation("Multicast here, unicast there", "一边组播,一边单播"),
            Explanation(
                "A balancer with `unicast_peer` sends to those addresses alone, one without to the multicast group. Where one has "
                    + "peers and the other has none, or a peer's list lacks a balancer, they do not hear each other.",
                "写了 `unicast_peer` 的主机只发给这些地址,没写的发到组播组。一边有、一边没有,或名单里缺了一台,就互相听不到。"),
            wrong: "lb1: unicast_peer { 192.0.2.12 }\nlb2: nothing",
            right: "lb1: unicast_peer { 192.0.2.12 }\nlb2: unicast_peer { 192.0.2.11 }", judge: peers),
        Rule(
            "HV407", .warning, Explanation("Several balancers begin as MASTER", "多台都以 MASTER 启动"),
            Explanation(
                "`state MASTER` says how an instance begins. With several of them all take the address after a start until they "
                    + "have heard each other. The priority decides who holds it: write `state BACKUP` on all but one, or on all.",
                "`state MASTER` 只说明启动时的状态。多台都写,启动后就都占用地址,直到听到彼此。谁持有地址由优先级决定:除一台外都写 `state BACKUP`,或全部都写。"),
            wrong: "lb1: state MASTER\nlb2: state MASTER", right: "lb1: state MASTER\nlb2: state BACKUP",
            judge: { subject in
                SharedRouter.all(of: subject).compactMap { shared in
                    let masters = shared.members.filter(\.settings.startsAsMaster)
                    guard masters.count > 1 else { return nil }
                    return Remark(
                        masters[1].place("state"),
                        "\(masters[1].balancer.name) and \(masters[0].balancer.name) both begin as MASTER of "
                            + "\(masters[1].name): after a start both hold its address for a moment",
                        "Write `state BACKUP` on all but the one of the highest priority.")
                }
            }),
        Rule(
            "HV408", .warning, Explanation("HAProxy differs between balancers", "各台的 HAProxy 不一致"),
            Explanation(
                "After a takeover clients are served by the other balancer's haproxy.cfg. A port or a server that is missing "
                    + "there is an outage that shows only then.",
                "接管之后由另一台的 haproxy.cfg 提供服务。那里缺的端口或服务器,到那时才显露为停机。"),
            wrong: "lb1: server app3 …\nlb2: nothing", right: "the same on both", judge: differingProxies),
    ]

    private static func list(_ addresses: [String]) -> String {
        addresses.isEmpty ? "none" : addresses.joined(separator: ", ")
    }

    /// Where a member of a virtual router says other than the first.
    private static func disagreements<Value: Equatable>(
        _ subject: LintSubject, _ keyword: String, _ value: (Router) -> Value,
        _ message: (String, String, Value, Value) -> String
    ) -> [Remark] {
        SharedRouter.all(of: subject).flatMap { shared -> [Remark] in
            guard let first = shared.members.first else { return [] }
            return shared.members.dropFirst().filter { value($0) != value(first) }.map { other in
                Remark(
                    other.place(keyword),
                    message(other.balancer.name, first.balancer.name, value(other), value(first)),
                    "Write the same on every balancer.")
            }
        }
    }

    private static func peers(_ subject: LintSubject) -> [Remark] {
        SharedRouter.all(of: subject).flatMap { shared -> [Remark] in
            guard let speaker = shared.members.first(where: { !$0.settings.unicastPeers.isEmpty }) else { return [] }
            return shared.members.compactMap { router in
                if router.settings.unicastPeers.isEmpty {
                    return Remark(
                        router.place(),
                        "\(router.balancer.name) speaks multicast, and \(speaker.balancer.name) unicast to its peers: "
                            + "neither hears the other, both hold the address",
                        "Write `unicast_src_ip` and `unicast_peer` on every balancer, or on none.")
                }
                let missing = shared.members.first { other in
                    guard other.balancer.name != router.balancer.name, let source = other.settings.sourceAddress else {
                        return false
                    }
                    return !router.settings.unicastPeers.contains(source)
                }
                guard let missing, let source = missing.settings.sourceAddress else { return nil }
                return Remark(
                    router.place("unicast_peer"),
                    "\(router.balancer.name) does not have \(source), \(missing.balancer.name)'s address, among its peers: "
                        + "that one never hears it, and takes the address too",
                    "List every other balancer in `unicast_peer`.")
            }
        }
    }

    private static func differingProxies(_ subject: LintSubject) -> [Remark] {
        let known = subject.balancers.compactMap { balancer in balancer.haproxy.map { (balancer.name, $0) } }
        guard let first = known.first else { return [] }
        func ports(_ haproxy: HAProxyConfiguration) -> Set<String> {
            Set(haproxy.binds.map { "port \($0.ports.lowerBound)" })
        }
        func servers(_ haproxy: HAProxyConfiguration) -> Set<String> {
            Set(haproxy.servers.map { "server \($0.address)" + ($0.port.map { ":\($0)" } ?? "") })
        }
        return known.dropFirst().compactMap { name, haproxy in
            let own = ports(haproxy).union(servers(haproxy))
            let others = ports(first.1).union(servers(first.1))
            guard own != others else { return nil }
            let missing = others.subtracting(own).sorted().map { "\(name) has no \($0), which \(first.0) has" }
            let more = own.subtracting(others).sorted().map { "\(first.0) has no \($0), which \(name) has" }
            let place = haproxy.proxies.first?.place.finding ?? Finding.Place(file: name, line: 1)
            return Remark(
                place, (missing + more).prefix(3).joined(separator: "; ") + ": clients notice at a takeover",
                "Give every balancer the same haproxy.cfg.")
        }
    }
}
