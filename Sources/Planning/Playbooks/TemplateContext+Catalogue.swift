import Inventory
import VRRP

extension TemplateContext {
    /// Every value, in the order of the documentation's table.
    static let catalogue: [TemplateValue<Source>] = [
        .text("cluster", "Its name", "集群名") { $0.cluster.name },
        .group("engine", engine + engines), .group("host", host), .group("platform", platform + platforms),
        .list("instances", "The VIPs, one for each family of their addresses", "各 VIP,每个地址族一项", of: instance) {
            source in
            source.cluster.instances.map { InstanceSource($0, in: source) }
        },
        .list("sync_groups", "VIPs that move together", "一起漂移的 VIP", of: syncGroup) { $0.cluster.syncGroups },
        .group("vip", vip),
        .list("peers", "The other balancers", "其余负载均衡节点", of: peer) { InstanceSource($0.instance, in: $0).peers },
        .text("health_command", "The health check that the VRRP engine runs", "VRRP 引擎执行的健康检查") {
            $0.cluster.healthCheck == .restartFirst ? "/etc/keepalived/chk_haproxy.sh" : "/usr/bin/killall -0 haproxy"
        },
        .text("look_command", "The same without starting anything", "同样的检查,但只看不启动") {
            switch $0.cluster.healthCheck {
            case .process: "/usr/bin/killall -0 haproxy"
            case .restartFirst: "/etc/keepalived/chk_haproxy.sh look"
            case .answer: CheckCommand.answering
            }
        },
        .flag(
            "restart_first", "The inventory says `health_check: restart-first`", "清单里写了 `health_check: restart-first`"
        ) {
            $0.cluster.healthCheck == .restartFirst
        },
        .flag("answer", "The inventory says `health_check: answer`", "清单里写了 `health_check: answer`") {
            $0.cluster.healthCheck == .answer
        },
        .text("health_port", "Where HAProxy is then asked, on 127.0.0.1", "此时在 127.0.0.1 上询问 HAProxy 的端口") {
            "\($0.cluster.healthPort)"
        },
        .text("restart_delay", "Seconds for `RestartSec=`", "`RestartSec=` 的秒数") { "\(restartDelay($0.cluster))" },
        .group("haproxy", haproxy), .group("keepalived", keepalived),
    ]

    private static let engine: [TemplateValue<Source>] = [
        .text("program", "`keepalived` or `haprov-vrrpd`", "`keepalived` 或 `haprov-vrrpd`") {
            $0.cluster.engine.program
        }
    ]

    private static let engines: [TemplateValue<Source>] = Engine.all.map { engine in
        .flag(engine.name, "It is \(engine.program)", "引擎是 \(engine.program)") { $0.cluster.engine == engine }
    }

    private static let host: [TemplateValue<Source>] =
        [
            .text("name", "The balancer's name in the inventory", "节点在清单里的名字") { $0.host.name },
            .text("address", "Its IPv4 address", "它的 IPv4 地址") { "\($0.host.address)" },
            .text("interface", "The NIC that carries the VIP", "承载 VIP 的网卡") { $0.host.interface },
        ] + settings(of: ["priority", "state"]).map { $0.reading { InstanceSource($0.instance, in: $0) } }

    private static let platform: [TemplateValue<Source>] = [
        .text("name", "What the host is, such as Enterprise Linux 7", "主机的系统,例如 Enterprise Linux 7") {
            $0.platform.name
        },
        .text(
            "major", "Its major version, such as 7; empty for `haprov check`, which asks no host",
            "主版本号,例如 7;`haprov check` 不连接主机,此时为空"
        ) { $0.platform.major },
        .text(
            "environment_folder", "Where files for `EnvironmentFile=` of units are kept, such as /etc/sysconfig",
            "unit 用 `EnvironmentFile=` 读取的文件所在,例如 /etc/sysconfig"
        ) { $0.platform.environmentFolder },
    ]

    /// One of them is yes.
    private static let platforms: [TemplateValue<Source>] = Platforms.all.known.map { platform in
        let key = platform.key
        return .flag(key, "It is \(platform.meaning.english)", "它是 \(platform.meaning.chinese)") {
            type(of: $0.platform).key == key
        }
    }

    static let peer: [TemplateValue<Host>] = [
        .text("name", "In the inventory", "清单里的名字") { $0.name },
        .text("address", "IPv4", "IPv4 地址") { "\($0.address)" },
    ]

    private static let haproxy: [TemplateValue<Source>] = [
        .text("version", "Such as 1.8.25; of a package the least that will do", "例如 1.8.25;用软件包时为可接受的最低版本") {
            $0.cluster.haproxy.version
        },
        .flag("from_package", "It is the distribution's own package", "使用发行版自带的软件包") {
            $0.cluster.haproxy.origin == .distribution
        },
        .flag("compiled", "It is compiled", "由 haprov 编译") { $0.cluster.haproxy.origin == .tarball },
        .flag("found", "It goes on as it was found: `from: found`", "沿用主机上已有的:`from: found`") {
            $0.cluster.haproxy.origin == .found
        },
        .text(
            "prefix", "The folder that it is installed below; empty for a package", "安装目录;用软件包时为空"
        ) { $0.cluster.haproxy.prefix },
        .text("program", "Where its program is", "程序所在路径") { $0.platform.place(of: $0.cluster.haproxyProgram).program },
        .text("configuration", "Where its configuration is", "配置文件所在路径") {
            $0.platform.place(of: $0.cluster.haproxyProgram).configuration
        },
        .text("folder", "The folder that it is in", "配置文件所在目录") {
            $0.platform.place(of: $0.cluster.haproxyProgram).configurationFolder
        },
        .flag("own", "The inventory has `haproxy.config`", "清单里有 `haproxy.config`") { $0.cluster.haproxy.own != nil },
        .text("arguments", "By which it reads its configuration", "读取配置的参数") { source in
            source.platform.place(of: source.cluster.haproxyProgram).arguments(for: source.cluster.haproxy)
                .joined(separator: " ")
        },
        .text("open_files", "For `LimitNOFILE=`", "用于 `LimitNOFILE=`") { "\($0.cluster.haproxy.openFiles)" },
        .list("ports", "The ports that it listens on", "监听的端口", of: port) { $0.cluster.haproxy.ports },
        .text(
            "packages", "The packages that it needs at run time, or is itself, parted by blanks",
            "运行时软件包,或软件包本身,以空格分隔"
        ) {
            ($0.packages["haproxy"] ?? []).joined(separator: " ")
        },
        .list("global", "Lines for the global section", "写入 global 段的配置行", of: line) {
            $0.cluster.haproxy.extra.global
        },
        .list("defaults", "Lines for the defaults", "写入 defaults 段的配置行", of: line) {
            $0.cluster.haproxy.extra.defaults
        },
        .list("frontends", "What HAProxy listens on", "HAProxy 监听的前端", of: frontend) { source in
            let hasIPv6 = source.cluster.vips.contains { $0.family == .ipv6 }
            return source.cluster.haproxy.frontends.map { FrontendSource(frontend: $0, hasIPv6: hasIPv6) }
        },
        .list("backends", "Where it passes requests on to", "转发请求的后端", of: backend) { source in
            source.cluster.haproxy.backends.map { BackendSource(cluster: source.cluster, backend: $0) }
        },
    ]

    private static let port: [TemplateValue<Int>] = [.text("port", "1 to 65535", "1 到 65535") { "\($0)" }]

    private struct FrontendSource: Sendable {
        var frontend: Frontend
        /// Whether there is a VIP of IPv6.
        var hasIPv6: Bool

        /// `*` stands for IPv4 alone.
        var bind: String {
            let texts = frontend.binds.map { bind in
                let ports =
                    bind.ports.count == 1
                    ? "\(bind.ports.lowerBound)" : "\(bind.ports.lowerBound)-\(bind.ports.upperBound)"
                return "\(bind.address):\(ports)" + (bind.address == "*" && hasIPv6 ? ",:::\(ports)" : "")
            }
            let isEverywhere = hasIPv6 && frontend.binds.contains { $0.address == "*" }
            return texts.joined(separator: ",") + (isEverywhere ? " v6only" : "")
        }
    }

    private static let frontend: [TemplateValue<FrontendSource>] = [
        .text("name", "In the inventory", "清单里的名字") { $0.frontend.name },
        .text(
            "bind",
            "ADDRESS:PORT, several parted by commas, where `*` stands for all addresses; with a VIP of IPv6 for those of IPv6 too",
            "地址:端口,多个以逗号分隔,`*` 表示所有地址;有 IPv6 的 VIP 时也包括 IPv6"
        ) { $0.bind },
        .text("port", "Its port; of several the first", "端口;有多个时为第一个") { "\($0.frontend.binds[0].ports.lowerBound)" },
        .text("mode", "`http` or `tcp`", "`http` 或 `tcp`") { $0.frontend.mode },
        .text("backend", "The name of its backend", "后端的名字") { $0.frontend.backend },
        .text("health_address", "Where it can be asked from the balancer itself", "从本机可以访问的地址") {
            let address = $0.frontend.binds[0].address
            return address == "*" ? "127.0.0.1" : address
        },
        .list("extra", "Lines of HAProxy's for its section", "写入该段的配置行", of: line) { $0.frontend.extra },
    ]

    private struct BackendSource: Sendable {
        var cluster: Cluster
        var backend: Backend
    }

    private struct ServerSource: Sendable {
        var name: String
        var address: String
        var port: Int
        var check: BackendCheck

        /// What HAProxy's `server` says of checks, with a blank before it.
        var settings: String {
            guard check.kind != .none else { return "" }
            let numbers = [
                check.port.map { "port \($0)" }, check.interval.map { "inter \($0)ms" },
                check.fall.map { "fall \($0)" },
                check.rise.map { "rise \($0)" },
            ]
            return ([" check"] + numbers.compactMap { $0 }).joined(separator: " ")
        }
    }

    /// A line of HAProxy's or of keepalived's.
    private static let line: [TemplateValue<String>] = [.text("line", "As it is written", "原样写入") { $0 }]

    private static let backend: [TemplateValue<BackendSource>] = [
        .text("name", "In the inventory", "清单里的名字") { $0.backend.name },
        .text("balance", "The algorithm, such as roundrobin", "算法,例如 roundrobin") { $0.backend.balance },
        .text("mode", "`http` or `tcp`", "`http` 或 `tcp`") { $0.backend.mode },
        .flag("http", "Its mode is `http`", "模式为 `http`") { $0.backend.mode == "http" },
        .list("check", "The lines by which servers are asked for a page", "以页面检查服务器的配置行", of: line) {
            $0.backend.check.lines(for: Version($0.cluster.haproxy.version))
        },
        .list("servers", "The servers behind it", "后端的服务器", of: server) { source in
            source.cluster.servers(of: source.backend).map {
                ServerSource(name: $0.name, address: "\($0.address)", port: $0.port, check: source.backend.check)
            }
        },
        .list("extra", "Lines of HAProxy's for its section", "写入该段的配置行", of: line) { $0.backend.extra },
    ]

    private static let server: [TemplateValue<ServerSource>] = [
        .text("name", "In the inventory", "清单里的名字") { $0.name },
        .text("address", "Its IP address", "IP 地址") { $0.address },
        .text("port", "Its port, or the backend's", "它的端口,或后端的端口") { "\($0.port)" },
        .text("settings", "How it is checked, with a blank before: ` check`", "怎样检查,前面带空格:` check`") { $0.settings },
    ]

    private static let keepalived: [TemplateValue<Source>] = [
        .text("version", "Empty where the inventory has no such section, as below", "清单里没有这一节时为空,下同") {
            $0.cluster.keepalived?.version ?? ""
        },
        .flag("from_package", "It is the distribution's own package", "使用发行版自带的软件包") {
            $0.cluster.keepalived?.origin == .distribution
        },
        .flag("compiled", "It is compiled", "由 haprov 编译") { $0.cluster.keepalived?.origin == .tarball },
        .flag("found", "It goes on as it was found: `from: found`", "沿用主机上已有的:`from: found`") {
            $0.cluster.keepalived?.origin == .found
        },
        .list("global", "Lines for `global_defs`", "写入 `global_defs` 的配置行", of: line) {
            $0.cluster.keepalived?.extra.global ?? []
        },
        .list("script", "Lines for the check of HAProxy", "写入 HAProxy 检查的配置行", of: line) {
            $0.cluster.keepalived?.extra.script ?? []
        },
        .list("instance", "Lines for every instance", "写入每个实例的配置行", of: line) {
            $0.cluster.keepalived?.extra.instance ?? []
        },
        .list("top", "Lines for the end of the file", "写在文件末尾的配置行", of: line) {
            $0.cluster.keepalived?.extra.top ?? []
        },
        .text(
            "prefix", "The folder that it is installed below; empty for a package", "安装目录;用软件包时为空"
        ) { $0.cluster.keepalived?.prefix ?? "" },
        .text("program", "Where its program is", "程序所在路径") { source in
            source.cluster.keepalivedProgram.map { source.platform.place(of: $0).program } ?? ""
        },
        .text(
            "packages", "The packages that it needs at run time, or is itself, parted by blanks",
            "运行时软件包,或软件包本身,以空格分隔"
        ) {
            ($0.packages["keepalived"] ?? []).joined(separator: " ")
        },
        .flag("has_config_test", "It can test a configuration: 2.0.4 and later", "能检查配置文件:2.0.4 及以后") {
            $0.cluster.keepalived?.hasConfigurationTest ?? false
        },
    ]

    static func seconds(_ milliseconds: Int) -> String {
        if milliseconds % 1000 == 0 { return "\(milliseconds / 1000)" }
        var fraction = String(milliseconds % 1000 + 1000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(milliseconds / 1000).\(fraction)"
    }
}

extension BackendCheck {
    /// Those of the backend's section.
    ///
    /// - Parameter version: of HAProxy, which has a way of its own to name the host from 2.2 on.
    fileprivate func lines(for version: Version?) -> [String] {
        guard case .page(let path, let host, let status) = kind else { return [] }
        let expectation = status.map { ["http-check expect status \($0)"] } ?? []
        guard let host else { return ["option httpchk GET \(path)"] + expectation }
        if let version, let first = Version("2.2"), version >= first {
            return ["option httpchk", "http-check send meth GET uri \(path) ver HTTP/1.1 hdr Host \(host)"]
                + expectation
        }
        return ["option httpchk GET \(path) HTTP/1.1\\r\\nHost:\\ \(host)"] + expectation
    }
}
