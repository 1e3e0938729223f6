import Inventory
import VRRP

/// What templates are told of VIPs: of each of their instances, and of the first by itself.
extension TemplateContext {
    /// One of the VIPs' instances, on one host.
    struct InstanceSource: Sendable {
        var instance: VRRPInstance
        var host: Host
        var password: String?
        var peers: [Host]

        init(_ instance: VRRPInstance, in source: Source) {
            self.instance = instance
            host = source.host
            password = source.passwords[instance.virtualRouterID]
            peers = source.cluster.balancers(of: instance).filter { $0.name != source.host.name }
        }
    }

    /// Values of an instance, by name.
    static func settings(of names: [String]) -> [TemplateValue<InstanceSource>] {
        instance.filter { names.contains($0.name) }
    }

    static let instance: [TemplateValue<InstanceSource>] = [
        .text("name", "`VI_1`, or the VIP's name, with `_6` for IPv6", "`VI_1`,或 VIP 的名字,IPv6 加 `_6`") {
            $0.instance.name
        },
        .text("interface", "The NIC that carries it", "承载它的网卡") { $0.instance.interface(on: $0.host) },
        .text("priority", "The host's VRRP priority", "本机的 VRRP 优先级") {
            "\($0.instance.priority(of: $0.host.name) ?? 0)"
        },
        .text(
            "state",
            "MASTER on the balancer of the highest priority where the VIP returns to it (`preempt`), else BACKUP",
            "优先级最高且允许抢占(`preempt`)时为 MASTER,否则为 BACKUP"
        ) { source in
            let isFirst = source.instance.preference.first?.host == source.host.name
            return source.instance.preempt && isFirst ? "MASTER" : "BACKUP"
        },
        .list(
            "addresses", "Its addresses", "它的地址",
            of: [
                .text("address", "Alone", "不带前缀长度") { "\($0.address)" },
                .text("cidr", "With the prefix length", "带前缀长度") { $0.description },
            ]
        ) { $0.instance.addresses },
        .text("virtual_router_id", "1 to 255", "1 到 255") { "\($0.instance.virtualRouterID)" },
        .text("version", "Of VRRP: 2 or 3", "VRRP 版本:2 或 3") { "\($0.instance.version.rawValue)" },
        .flag("version3", "It is 3", "版本为 3") { $0.instance.version == .v3 },
        .text("advert_int", "Seconds between advertisements", "通告间隔,以秒计") {
            seconds($0.instance.advertisementInterval.wholeMilliseconds)
        },
        .flag("preempt", "The VIP returns to the highest priority", "VIP 会回到优先级最高的节点") {
            $0.instance.preempt
        },
        .flag("unicast", "Advertisements go to the peers one by one", "通告逐个单播给其余节点") { $0.instance.unicast },
        .list("peers", "The other balancers", "其余负载均衡节点", of: peer) { $0.peers },
        .text(
            "password", "The first 8 characters, masked in output; empty where there is none",
            "只取前 8 个字符,输出时遮住;没有则为空"
        ) { $0.password ?? "" },
        .flag("has_password", "There is one", "设了密码") { $0.password != nil },
        .flag("movable", "It is in no sync group, so that `haprov move` can move it", "不在同步组里,可用 `haprov move` 移动") {
            $0.instance.isMovable
        },
    ]

    static let syncGroup: [TemplateValue<(name: String, instances: [VRRPInstance])>] = [
        .text("name", "The group's, or that of a VIP of both families", "组名,或双栈 VIP 的名字") { $0.name },
        .list(
            "members", "Instances", "实例",
            of: [
                .text("name", "As above", "同上") { $0.name }
            ]
        ) { $0.instances },
    ]

    /// The first VIP: all there is where an inventory has one.
    static let vip: [TemplateValue<Source>] =
        [
            .text("address", "The first VIP alone", "第一个 VIP,不带前缀长度") { "\($0.instance)" },
            .text("cidr", "The first VIP with its prefix length", "第一个 VIP,带前缀长度") {
                // Each in a line of its own, as keepalived.conf wants them.
                $0.instance.addresses.map(\.description).joined(separator: "\n        ")
            },
        ]
        + settings(of: [
            "virtual_router_id", "version", "version3", "advert_int", "preempt", "unicast", "password", "has_password",
        ]).map { $0.reading { InstanceSource($0.instance, in: $0) } } + [
            .flag("bound_directly", "A frontend binds a VIP itself", "有前端直接绑定 VIP") { source in
                let addresses = source.cluster.vips.map { "\($0)" }
                return source.cluster.haproxy.listeners.contains { addresses.contains($0.address) }
            }
        ]
}
