import HAProxyReading
import Texts
import YAMLReading

/// What is wrong in haproxy.cfg.
extension Rule {
    /// Where nothing was promised.
    static let usualPromise = 10_000
    private static let day = 86_400

    static let haproxy = [
        Rule(
            "HV301", .warning, Explanation("A server without check", "服务器没有 check"),
            Explanation(
                "HAProxy never looks at a server without `check`: where the application on it dies, its share of requests goes "
                    + "on failing until somebody notices.",
                "没有 `check` 的服务器,HAProxy 从不查看:上面的应用死了,分给它的请求一直失败,直到有人发现。"),
            wrong: "server app1 192.0.2.11:8080", right: "server app1 192.0.2.11:8080 check",
            judge: { subject in
                subject.proxies.compactMap { proxy, servers in
                    let unchecked = servers.filter { !$0.isChecked }
                    guard let first = unchecked.first, servers.count > 1 else { return nil }
                    return Remark(
                        first.place.finding,
                        "\(proxy.name): \(names(unchecked.map(\.name))) \(unchecked.count == 1 ? "has" : "have") no `check`: when the "
                            + "application dies, its share of requests fails until somebody steps in",
                        "Add `check` to each server, or to `default-server`.")
                }
            }),
        Rule(
            "HV302", .warning, Explanation("No option redispatch", "没有 option redispatch"),
            Explanation(
                "Until a dead server is taken out, HAProxy tries a request again on the same one, and then gives an error. With "
                    + "`option redispatch` the last try goes to another server. That also holds for clients that a cookie binds "
                    + "to a server.",
                "在剔除死掉的服务器之前,HAProxy 总是在同一台上重试,然后报错。有了 `option redispatch`,最后一次会换一台服务器;由 cookie 绑定的客户端也是如此。"),
            wrong: "defaults\n    retries 3", right: "defaults\n    retries 3\n    option redispatch",
            judge: { subject in
                subject.balancers.compactMap(\.haproxy).compactMap { haproxy in
                    let without = haproxy.backends.filter { proxy, servers in
                        !proxy.behaviour.redispatches && servers.filter(\.isChecked).count > 1
                    }.map(\.0)
                    guard let first = without.first else { return nil }
                    return Remark(
                        first.place.finding,
                        "\(names(without.map(\.name))) \(without.count == 1 ? "has" : "have") no `option redispatch`: until a "
                            + "dead server is taken out, its requests fail instead of going to another",
                        "Write `option redispatch` into `defaults`.")
                }
            }),
        Rule(
            "HV303", .warning, Explanation("Timeouts are missing", "缺少超时设置"),
            Explanation(
                "Without `timeout connect`, `timeout client` and `timeout server` HAProxy waits for ever: connections to what is "
                    + "gone pile up until none is left for others.",
                "没有 `timeout connect`、`timeout client`、`timeout server`,HAProxy 会一直等下去:通往已消失对端的连接越积越多,直到别人用不上。"),
            wrong: "defaults\n    mode http",
            right: "defaults\n    mode http\n    timeout connect 5s\n    timeout client 1m\n    timeout server 1m",
            judge: { subject in
                subject.balancers.compactMap(\.haproxy).compactMap { haproxy in
                    let without = haproxy.proxies.filter { !haproxy.missingTimeouts(of: $0).isEmpty }
                    guard let first = without.first else { return nil }
                    let missing = Set(without.flatMap(haproxy.missingTimeouts)).sorted()
                    return Remark(
                        first.place.finding,
                        "\(names(without.map(\.name))) \(without.count == 1 ? "lacks" : "lack") "
                            + "\(missing.map { "`timeout \($0)`" }.joined(separator: ", ")): connections to what is gone "
                            + "are never given up",
                        "Write all three into `defaults`: `timeout connect 5s`, `timeout client 1m`, `timeout server 1m`."
                    )
                }
            }),
        Rule(
            "HV304", .warning, Explanation("A connection is waited for longer than a takeover takes", "等待连接的时间超过接管"),
            Explanation(
                "A request to a server whose host is gone waits for `timeout connect` before it is tried elsewhere. Where that is "
                    + "longer than the failover was promised to take, clients give up first.",
                "发往已消失主机的请求要等 `timeout connect` 才会换一台。它若长于承诺的故障切换时间,客户端会先放弃。"),
            wrong: "timeout connect 60s", right: "timeout connect 5s",
            judge: { subject in
                let promise = subject.promise ?? usualPromise
                return subject.proxies.compactMap { proxy, _ in
                    guard let connect = proxy.behaviour.timeouts["connect"], connect > promise else { return nil }
                    return Remark(
                        proxy.place.finding,
                        "\(proxy.name) waits \(Notation.duration(connect)) for a server that is gone, and a takeover is to "
                            + "need no more than \(Notation.duration(promise))",
                        "Write `timeout connect 5s`.")
                }
            }),
        Rule(
            "HV305", .warning, Explanation("A dead application is noticed late", "应用死亡发现得晚"),
            Explanation(
                "HAProxy takes a server out after `fall` failed checks, `inter` apart: by default 3 × 2 s. Until then its share of "
                    + "requests fails or waits.",
                "HAProxy 在相隔 `inter` 的 `fall` 次检查失败后才剔除服务器,默认 3 × 2 秒。在此之前分给它的请求失败或等待。"),
            wrong: "server app1 192.0.2.11:8080 check inter 30s fall 3",
            right: "server app1 192.0.2.11:8080 check inter 2s fall 3",
            judge: { subject in
                let promise = subject.promise ?? usualPromise
                return subject.proxies.compactMap { proxy, servers in
                    let slow = servers.filter { $0.isChecked && $0.seesDeathWithin(proxy) > promise }
                    guard let first = slow.first else { return nil }
                    return Remark(
                        first.place.finding,
                        "\(proxy.name): HAProxy takes \(names(slow.map(\.name))) out after up to "
                            + "\(Notation.duration(first.seesDeathWithin(proxy))) only; "
                            + "\(Notation.duration(promise)) are promised",
                        "Lower `inter` or `fall`.")
                }
            }),
        Rule(
            "HV306", .warning, Explanation("Statistics without a password", "统计页没有密码"),
            Explanation(
                "Whoever reaches the page sees every backend and server; with `stats admin` also takes them out of service. "
                    + "Where the virtual address carries it, that is everybody.",
                "谁能访问这个页面,谁就能看到所有后端和服务器;有 `stats admin` 时还能停用它们。页面开在虚拟地址上,那就是所有人。"),
            wrong: "listen stats\n    bind :9000\n    stats enable\n    stats uri /",
            right: "listen stats\n    bind 127.0.0.1:9000\n    stats enable\n    stats uri /\n    stats auth admin:…",
            judge: { subject in
                subject.balancers.compactMap(\.haproxy).flatMap { haproxy in
                    haproxy.proxies.compactMap { proxy -> Remark? in
                        guard let statistics = proxy.behaviour.statistics, !proxy.behaviour.choosesClients,
                            proxy.kind != .backend
                        else { return nil }
                        let binds = haproxy.binds.filter { $0.name == proxy.name }
                        guard binds.contains(where: { !$0.address.hasPrefix("127.") && $0.address != "::1" }) else {
                            return nil
                        }
                        return Remark(
                            statistics.place.finding,
                            "\(proxy.name) shows its statistics to everybody who reaches port "
                                + "\(binds.first?.ports.lowerBound ?? 0)"
                                + (statistics.isAdmin ? ", and lets them take servers out" : ""),
                            "Add `stats auth USER:PASSWORD`, or bind it to 127.0.0.1.")
                    }
                }
            }),
        Rule(
            "HV307", .warning, Explanation("HAProxy binds an address that it does not hold", "HAProxy 绑定了本机没有的地址"),
            Explanation(
                "On a standby the virtual address is missing. HAProxy that binds it does not start there, unless "
                    + "net.ipv4.ip_nonlocal_bind is 1 (of IPv6 net.ipv6.ip_nonlocal_bind): then the takeover finds no HAProxy. "
                    + "`check --files` sees that setting where a sysctl file is named too.",
                "备机上没有虚拟地址。绑定它的 HAProxy 在那里无法启动,除非 net.ipv4.ip_nonlocal_bind 为 1(IPv6 为 net.ipv6.ip_nonlocal_bind):否则接管之后没有 HAProxy。一并列出 sysctl 文件,`check --files` 就能看到这项设置。"
            ),
            wrong: "bind 192.0.2.100:80        # the virtual address",
            right: "bind *:80                  # or net.ipv4.ip_nonlocal_bind = 1", judge: foreignBinds),
        Rule(
            "HV308", .error, Explanation("HAProxy does not listen on the virtual address", "HAProxy 没有监听虚拟地址"),
            Explanation(
                "Every `bind` names an address, and none of them is a virtual one: the address moves, and nobody answers on it.",
                "每个 `bind` 都写了地址,却没有一个是虚拟地址:地址会漂移,但上面没有谁应答。"),
            wrong: "bind 192.0.2.11:80         # the host's own", right: "bind *:80",
            judge: { subject in
                subject.balancers.compactMap { balancer in
                    let addresses = Set(balancer.routers.flatMap(\.addresses).map { "\($0)" })
                    guard let binds = balancer.haproxy?.binds, let first = binds.first, !addresses.isEmpty,
                        !binds.contains(where: { ["*", "::"].contains($0.address) || addresses.contains($0.address) }),
                        binds.allSatisfy({ bind in bind.address.allSatisfy { $0.isHexDigit || ".:".contains($0) } })
                    else { return nil }
                    return Remark(
                        first.place.finding,
                        "no `bind` is of \(addresses.sorted().joined(separator: ", ")) or of every address: where it moves, "
                            + "nobody answers on it",
                        "Write `bind *:PORT`.")
                }
            }),
        Rule(
            "HV309", .warning, Explanation("A certificate ends soon", "证书即将到期"),
            Explanation(
                "Browsers refuse a certificate from that moment on, on all balancers at once: no takeover helps.",
                "证书一到期浏览器就拒绝,所有主机同时如此,接管也无济于事。"),
            wrong: "notAfter: in 12 days", right: "notAfter: in 60 days",
            judge: { subject in
                guard let now = subject.now else { return [] }
                return subject.balancers.flatMap(\.certificates).compactMap { file in
                    guard let end = CertificateEnd.first(in: file.text), end.seconds - now < 30 * day else {
                        return nil
                    }
                    let days = (end.seconds - now) / day
                    return Remark(
                        Finding.Place(file: file.file, line: end.line),
                        end.seconds <= now
                            ? "this certificate has ended: clients refuse it"
                            : "this certificate ends in \(days) day\(days == 1 ? "" : "s"): clients refuse it then",
                        "Renew it, and put it there on every balancer.")
                }
            }),
    ]

    static func names(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.joined() }
        if names.count > 4 { return "\(names[0]), \(names[1]) and \(names.count - 2) others" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func foreignBinds(_ subject: LintSubject) -> [Remark] {
        subject.balancers.flatMap { balancer -> [Remark] in
            guard let haproxy = balancer.haproxy, balancer.bindsForeignAddresses != true else { return [] }
            let addresses = Set(balancer.routers.flatMap(\.addresses).map { "\($0)" })
            return haproxy.binds.filter { addresses.contains($0.address) && !$0.isTransparent }.map { bind in
                Remark(
                    bind.place.finding,
                    "\(bind.name) binds \(bind.address), which a standby does not hold: there HAProxy does not start unless "
                        + "net.\(bind.address.contains(":") ? "ipv6" : "ipv4").ip_nonlocal_bind is 1",
                    "Write `bind *:\(bind.ports.lowerBound)`, or set the sysctl on every balancer.")
            }
        }
    }
}

extension LintSubject {
    /// Whatever has servers, with them.
    var proxies: [(HAProxyConfiguration.Proxy, [HAProxyConfiguration.Server])] {
        balancers.compactMap(\.haproxy).flatMap(\.backends)
    }
}

extension HAProxyConfiguration {
    /// Whatever has servers, with them.
    fileprivate var backends: [(Proxy, [Server])] {
        proxies.filter { $0.kind != .frontend }.map { proxy in (proxy, servers.filter { $0.backend == proxy.name }) }
            .filter { !$0.1.isEmpty }
    }

    /// Those without which a proxy waits for ever; none where it waits for nobody.
    fileprivate func missingTimeouts(of proxy: Proxy) -> [String] {
        let hasServers = servers.contains { $0.backend == proxy.name }
        let client = proxy.kind == .backend ? [] : ["client"]
        let server = proxy.kind == .frontend || !hasServers ? [] : ["connect", "server"]
        return (client + server).filter { proxy.behaviour.timeouts[$0] == nil }
    }
}

extension HAProxyConfiguration.Place {
    var finding: Finding.Place { Finding.Place(file: file, line: line) }
}
