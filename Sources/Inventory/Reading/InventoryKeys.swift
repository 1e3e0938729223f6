import Texts

/// A key of the inventory: the reader knows it from here, and the documentation's table is made of it.
struct InventoryKey: Sendable {
    /// Where it stands, such as `hosts.NAME`; empty for the top level.
    var section: String
    var name: String
    var shape: InventoryShape
    /// What holds where it is left out.
    var fallback: Fallback
    /// Nil where the table does not name it: its section speaks for it, or its own keys do.
    var meaning: Explanation?

    enum Fallback: Sendable {
        case required
        /// Either this one or another key of its section.
        case requiredOr(String)
        /// Required where another key of its section has that value, and the inventory a key at its top level.
        case requiredWhere(key: String, is: String, with: String)
        /// Nothing is done then.
        case nothing
        /// As it could be written.
        case value(String)
        case words(Explanation)
    }

    var path: String { section.isEmpty ? name : "\(section).\(name)" }
}

/// The keys of the inventory, section by section.
enum InventoryKeys {
    static let root = names("")
    static let ssh = names("ssh")
    static let become = names("ssh.become")
    static let jump = names("ssh.jump")
    static let timeouts = names("ssh.timeouts")
    static let vrrp = names("vrrp")
    static let vip = names("vip")
    static let vips = names("vips.NAME")
    static let packages = names("packages")
    static let haproxy = names("haproxy")
    static let configuration = names("haproxy.config")
    static let extra = names("haproxy.extra")
    static let frontend = names("haproxy.frontends.NAME")
    static let backend = names("haproxy.backends.NAME")
    static let server = names("haproxy.backends.NAME.servers")
    static let check = names("haproxy.backends.NAME.check")
    static let keepalived = names("keepalived")
    static let keepalivedExtra = names("keepalived.extra")
    static let host = names("hosts.NAME")
    static let limits = names("limits")
    static let drill = names("drill")
    static let journal = names("journal")

    private static func names(_ section: String) -> [String] { all.filter { $0.section == section }.map(\.name) }

    /// Where a key belongs that was found in another section, for those that belong in one section only.
    static let homes: [String: String] = {
        var homes: [String: [String]] = [:]
        // What stands in a section that most inventories do not have says nothing about where a key belongs.
        for key in all
        where ![
            "", "drill", "haproxy.backends.NAME.check", "haproxy.backends.NAME.servers", "haproxy.config",
            "haproxy.extra", "journal", "keepalived", "keepalived.extra", "packages", "ssh.become", "ssh.jump",
            "ssh.timeouts",
            "vips.NAME", "vrrp",
        ].contains(key.section) {
            homes[key.name, default: []].append(key.section)
        }
        var single = homes.compactMapValues { $0.count == 1 ? $0.first : nil }
        for key in root { single[key] = "the top level" }
        return single
    }()

    /// In the order of the commented inventory.
    static let all: [InventoryKey] =
        keys(
            "",
            .init("cluster", .text, .required, "Name of the service", "服务的名字"),
            .init(
                "engine", .choice(Engine.all.map(\.name)), .value("keepalived"),
                "Or `vrrpd`, see [The VRRP engine](vrrpd.md)",
                "或 `vrrpd`,见 [VRRP 引擎](vrrpd.zh-CN.md)"),
            .init("ssh", .section("ssh")), .init("vrrp", .section("vrrp")),
            .init("vip", .section("vip"), .requiredOr("vips")),
            .init(
                "vips", .named("vips.NAME"), .nothing,
                "Several VIPs, instead of `vip`, see [Several VIPs](#several-vips)",
                "多个 VIP,代替 `vip`,见[多个 VIP](#多个-vip)"),
            .init(
                "health_check", .choice(HealthCheck.allCases.map(\.rawValue)), .value("process"),
                "Or `restart-first`, or `answer`, see [Health checks](#health-checks)",
                "或 `restart-first`、`answer`,见[健康检查](#健康检查)"),
            .init(
                "health_port", .integer(1...65535), .value("\(HealthCheck.usualPort)"),
                "With `health_check: answer`: where HAProxy is asked, on 127.0.0.1",
                "`health_check: answer` 时在 127.0.0.1 上询问 HAProxy 的端口"),
            .init(
                "packages", .either([.choice(["host", "vault"]), .section("packages")]), .value("host"),
                "Or `{ rpms: DIR }`, `{ debs: DIR }` or `vault`, see [Packages](packages.md)",
                "或 `{ rpms: DIR }`、`{ debs: DIR }`、`vault`,见[软件包](packages.zh-CN.md)"),
            .init(
                "allow_upgrades", .flag, .value("false"),
                "Let yum or apt replace installed packages; that cannot be taken back",
                "允许 yum 或 apt 替换已装的包;这无法撤回"),
            .init(
                "build_host", .text, .words(Explanation("the lowest priority", "优先级最低的节点")), "Balancer that compiles",
                "负责编译的节点"),
            .init("haproxy", .section("haproxy"), .required), .init("keepalived", .section("keepalived")),
            .init(
                "vars", .values(.text), .nothing,
                "Values by name for the files of `haproxy.config` that end in `.mustache`",
                "供 `haproxy.config` 中以 `.mustache` 结尾的文件使用的值"),
            .init(
                "secrets", .values(.secret), .nothing, "The same for what must not be shown: each names its source",
                "同上,用于不可显示的内容:写出来源"),
            .init("hosts", .named("hosts.NAME"), .required), .init("limits", .section("limits")),
            .init("drill", .section("drill")), .init("journal", .section("journal")),
            .init(
                "playbooks", .text, .nothing,
                "A folder with what is to differ of the [playbooks](../Playbooks/README.md); `--playbooks` comes before it",
                "一个目录,放与自带 [playbook](../Playbooks/README.zh-CN.md) 不同的文件;`--playbooks` 优先"))
        + keys(
            "ssh",
            .init(
                "user", .text, .value("root"),
                "Root, or a user who can become root, see [Becoming root](#becoming-root)",
                "root,或能变成 root 的用户,见[变成 root](#变成-root)"),
            .init("port", .integer(1...65535), .value("22"), "Port of sshd", "sshd 的端口"),
            .init(
                "identity", .texts,
                .words(
                    Explanation(
                        "agent, then `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa`",
                        "agent,然后 `~/.ssh/id_ed25519`、`id_ecdsa`、`id_rsa`")),
                "A key file or a list", "一个或多个私钥文件"),
            .init(
                "passphrase_env", .text, .words(Explanation("asked on the terminal", "在终端上询问")),
                "Variable that holds the key's passphrase", "存放私钥口令的环境变量"),
            .init(
                "password", .secret, .nothing,
                "A secret, for servers that take no key; other questions are asked on the terminal",
                "密码来源,用于不收密钥的服务器;其他问题在终端上询问"),
            .init(
                "known_hosts", .text, .value("~/.ssh/known_hosts"), "File of the hosts' keys, as of OpenSSH",
                "主机密钥文件,格式同 OpenSSH"),
            .init("become", .section("ssh.become")),
            .init(
                "jump", .either([.text, .section("ssh.jump"), .list(.either([.text, .section("ssh.jump")]))]), .nothing,
                "A bastion, or a list of them, see [Bastions](#bastions)",
                "一台跳板机,或按顺序的几台,见[跳板机](#跳板机)"),
            .init(
                "config", .text, .nothing,
                "`~/.ssh/config`, say, for what is left open here, see [Your ssh_config](#your-ssh_config)",
                "例如 `~/.ssh/config`,补上这里没写的,见 [ssh_config](#ssh_config)"),
            .init("timeouts", .section("ssh.timeouts")))
        + keys(
            "ssh.become",
            .init("by", .choice(Become.Program.allCases.map(\.rawValue)), .value("sudo"), "Or `su`", "或 `su`"),
            .init(
                "password", .secret, .words(Explanation("asked on the terminal", "在终端上询问")),
                "A secret, the user's for sudo, root's for su; only where the host wants one",
                "密码来源:sudo 用该用户的密码,su 用 root 的密码;主机要求时才用"))
        + keys(
            "ssh.jump",
            .init("address", .text, .required), .init("user", .text), .init("port", .integer(1...65535)),
            .init("identity", .texts),
            .init("known_hosts", .text))
        + keys(
            "ssh.timeouts",
            .init(
                "connect", .duration, .value("10s"),
                "For the connection, for sshd's first word and for the keys of both sides, each",
                "建立连接、等 sshd 的第一句话、交换密钥,各自的时限"),
            .init(
                "login", .duration, .value("60s"), "Until the user is in; while a person types it does not run",
                "到登录成功为止的时限,等人输入的时间不算"),
            .init(
                "begin", .duration, .value("60s"),
                "How long an open session may be silent before a script of haprov's begins in it",
                "会话打开后、haprov 的脚本开始前,最多可以沉默多久"),
            .init(
                "reconnect", .duration, .value("2m"),
                "How long a host that is lost in the course of a run is tried to be reached again; what was begun there goes on",
                "运行中失去连接的主机,最多重连多久;那里已开始的步骤会继续"))
        + keys(
            "vrrp",
            .init("version", .integer(2...3)), .init("advert_int", .duration), .init("preempt", .flag),
            .init("unicast", .flag), .init("password", .secret), .init("interface", .text))
        + keys(
            "vip",
            .init(
                "address", .text, .required, "With prefix length: `172.16.122.100/24`; free, in the balancers' subnet",
                "带前缀长度:`172.16.122.100/24`;未被占用,与节点同网段"),
            .init(
                "interface", .text, .words(Explanation("`vrrp.interface`", "`vrrp.interface`")), "NIC that carries it",
                "承载 VIP 的网卡"),
            .init("virtual_router_id", .integer(1...255), .required, "1–255, unique on the network", "1–255,在该网络中唯一"),
            .init("version", .integer(2...3), .value("2"), "VRRP 2 or 3", "VRRP 2 或 3"),
            .init(
                "advert_int", .duration, .value("1s"), "Whole seconds with 2; `10ms`–`40.95s` with 3",
                "版本 2 为整秒;版本 3 为 `10ms`–`40.95s`"),
            .init(
                "preempt", .flag, .value("true"), "`false`: all BACKUP and `nopreempt`, the VIP stays where it went",
                "`false`:全部 BACKUP 加 `nopreempt`,VIP 漂走后不回切"),
            .init(
                "unicast", .flag, .value("false"), "Peers by address, where multicast does not pass", "组播不通时改用单播"),
            .init(
                "password", .secret, .nothing, "A secret; version 2 only, in clear on the wire, 8 characters carried",
                "密码来源;仅版本 2,明文传输,只有前 8 个字符有效"))
        + keys(
            "vips.NAME",
            .init(
                "addresses", .texts, .required, "With prefix lengths, of IPv4, IPv6 or both",
                "带前缀长度,可为 IPv4、IPv6 或两者"),
            .init("virtual_router_id", .integer(1...255), .required, "As of `vip`, each its own", "同 `vip`,各不相同"),
            .init(
                "prefer", .list(.text), .words(Explanation("required, or `priorities`", "必填,或写 `priorities`")),
                "Every balancer, the one first that is to hold it: 240, 220, 200 and so on",
                "全部节点,应持有它的排在最前:依次为 240、220、200……"),
            .init(
                "priorities", .values(.integer(1...254)), .nothing,
                "The numbers themselves: `{ haproxy1: 240, haproxy2: 220 }`",
                "直接写数字:`{ haproxy1: 240, haproxy2: 220 }`"),
            .init(
                "sync_group", .text, .nothing, "VIPs of one group are held by one balancer, all of them",
                "同组的 VIP 总由同一节点持有"),
            .init("version", .integer(2...3)), .init("advert_int", .duration), .init("preempt", .flag),
            .init("unicast", .flag), .init("password", .secret), .init("interface", .text))
        + keys("packages", .init("rpms", .text), .init("debs", .text))
        + keys(
            "haproxy",
            .init(
                "from", .choice(Origin.allCases.map(\.rawValue)), .value("tarball"),
                "Or `package`: the distribution's own, see [Packages](packages.md#the-distributions-own-programs); or `found`, see "
                    + "[Taking over what runs](adopt.md)",
                "或 `package`:使用发行版自带的软件包,见[软件包](packages.zh-CN.md#发行版自带的程序);或 `found`,见[接管已有集群](adopt.zh-CN.md)"),
            .init(
                "version", .text, .words(Explanation("required; `1.8` of a package", "必填;用软件包时为 `1.8`")),
                "1.8 or later; of a package the least that will do", "1.8 或更高;用软件包时为可接受的最低版本"),
            .init(
                "prefix", .text, .value("/usr/local/haproxy"), "A folder of its own; for what is compiled only",
                "专用目录;仅用于编译的程序"),
            .init(
                "program", .text, .value("/usr/sbin/haproxy"), "With `from: found`: where it is",
                "与 `from: found` 同用:程序所在路径"),
            .init(
                "make", .texts, .nothing,
                "Options of make for what is compiled, such as `USE_LUA=1`, see [Options of make](packages.md#options-of-make)",
                "编译时传给 make 的选项,例如 `USE_LUA=1`,见[make 的选项](packages.zh-CN.md#make-的选项)"),
            .init("frontends", .named("haproxy.frontends.NAME"), .requiredOr("config")),
            .init("backends", .named("haproxy.backends.NAME")),
            .init("extra", .section("haproxy.extra")),
            .init(
                "config", .either([.text, .section("haproxy.config")]), .nothing,
                "Your own haproxy.cfg, or its folder, instead of frontends and backends, see [Your own configuration](haproxy.md)",
                "自己的 haproxy.cfg 或其目录,代替前端和后端,见[自己的配置](haproxy.zh-CN.md)"),
            .init(
                "ports", .list(.integer(1...65535)), .nothing,
                "With `config`: ports beyond those that are found in it",
                "与 `config` 同用:配置中找不到的其他端口"),
            .init(
                "unmanaged", .texts, .nothing,
                "With `config`: patterns of files that others change, such as `certs/acme/*`",
                "与 `config` 同用:由他人更改的文件,例如 `certs/acme/*`"))
        + keys(
            "haproxy.config",
            .init("from", .text, .required, "The folder, or haproxy.cfg alone", "目录,或只有 haproxy.cfg"),
            .init(
                "to", .text,
                .words(
                    Explanation(
                        "`conf` below the prefix; `/etc/haproxy` of a package", "安装目录下的 `conf`;用软件包时为 `/etc/haproxy`")),
                "Where it goes on hosts", "在主机上的目录"),
            .init(
                "per_host", .text, .nothing,
                "A folder with a folder for each host that differs, of its name, and in it the files that do",
                "各主机不同的文件:其中每台主机一个同名目录"))
        + keys(
            "haproxy.frontends.NAME",
            .init(
                "bind", .texts, .required, "`\"*:80\"`, the VIP and a port, `\"*:8000-8010\"`, or a list of these",
                "`\"*:80\"`、VIP 加端口、`\"*:8000-8010\"`,或它们的列表"),
            .init("mode", .choice(["http", "tcp"]), .value("http"), "Or `tcp`", "或 `tcp`"),
            .init("backend", .text, .required, "Name of a backend", "后端名"),
            .init("extra", .texts, .nothing, "Lines of HAProxy's for this section", "写入该段的 HAProxy 配置行"))
        + keys(
            "haproxy.extra",
            .init("global", .texts, .nothing, "Lines for the global section", "写入 global 段的配置行"),
            .init("defaults", .texts, .nothing, "Lines for the defaults", "写入 defaults 段的配置行"))
        + keys(
            "haproxy.backends.NAME",
            .init(
                "servers",
                .either([.text, .list(.either([.text, .section("haproxy.backends.NAME.servers")]))]), .required,
                "`application` for every such host, or a list: hosts, balancers too, and machines that are none",
                "`application` 表示全部应用主机;或列表:主机(也可以是 balancer)和清单以外的机器"),
            .init("port", .integer(1...65535), .required, "Port of the application", "应用端口"),
            .init("balance", .text, .value("roundrobin"), "As HAProxy's `balance`", "同 HAProxy 的 `balance`"),
            .init(
                "mode", .choice(["http", "tcp"]), .words(Explanation("that of its frontend", "与前端相同")),
                "`http` or `tcp`",
                "`http` 或 `tcp`"),
            .init(
                "check", .either([.choice(["tcp", "none"]), .section("haproxy.backends.NAME.check")]), .value("tcp"),
                "How HAProxy sees that a server is well: it takes a connection; `none`; or what follows",
                "HAProxy 怎样检查服务器:能建立连接;`none` 不检查;或如下"),
            .init("extra", .texts, .nothing, "Lines of HAProxy's for this section", "写入该段的 HAProxy 配置行"))
        + keys(
            "haproxy.backends.NAME.servers",
            .init("name", .text, .required, "Of a machine that is not among the hosts", "清单以外的机器的名字"),
            .init("address", .text, .required, "Its IP address", "它的 IP 地址"),
            .init(
                "port", .integer(1...65535), .words(Explanation("the backend's", "后端的端口")), "Its own port", "它自己的端口"))
        + keys(
            "haproxy.backends.NAME.check",
            .init("path", .text, .nothing, "The page that has to answer", "必须应答的页面"),
            .init("host", .text, .nothing, "For whom it is asked", "请求中的主机名"),
            .init(
                "status", .integer(100...599), .words(Explanation("2xx or 3xx", "2xx 或 3xx")), "What it has to answer",
                "应答的状态码"),
            .init("interval", .duration, .value("2s"), "Between two checks", "两次检查的间隔"),
            .init("fall", .integer(1...100), .value("3"), "How many in a row make a server dead", "连续几次失败视为不可用"),
            .init("rise", .integer(1...100), .value("2"), "How many in a row make it alive", "连续几次成功视为恢复"),
            .init(
                "port", .integer(1...65535), .words(Explanation("where it serves", "服务端口")), "Where it is asked",
                "检查所用的端口"))
        + keys(
            "keepalived",
            .init(
                "from", .choice(Origin.allCases.map(\.rawValue)), .value("tarball"),
                "Or `package` or `found`, as of HAProxy",
                "或 `package`、`found`,同 HAProxy"),
            .init(
                "version", .text,
                .words(
                    Explanation(
                        "required with `engine: keepalived`; `2.0.4` of a package",
                        "`engine: keepalived` 时必填;用软件包时为 `2.0.4`")),
                "1.3 or later, of a package the least that will do; the whole section is needed with `engine: keepalived` only",
                "1.3 或更高,用软件包时为可接受的最低版本;只有 `engine: keepalived` 才需要这一节"),
            .init(
                "prefix", .text, .value("/usr/local/keepalived"), "A folder of its own; for what is compiled only",
                "专用目录;仅用于编译的程序"),
            .init(
                "program", .text, .value("/usr/sbin/keepalived"), "With `from: found`: where it is",
                "与 `from: found` 同用:程序所在路径"),
            .init("extra", .section("keepalived.extra")),
            .init(
                "config", .text, .nothing,
                "A Mustache template of your own keepalived.conf, instead of haprov's, see [Your own keepalived.conf](balancers.md#your-own-keepalivedconf)",
                "自己的 keepalived.conf 的 Mustache 模板,代替自带的,见[自己的 keepalived.conf](balancers.zh-CN.md#自己的-keepalivedconf)"),
            .init(
                "drop", .texts, .nothing,
                "What of a keepalived.conf that others wrote may go, by the names that `plan` tells, see [Taking over what runs](adopt.md#what-the-inventory-cannot-say)",
                "他人所写 keepalived.conf 中可以去掉的内容,名称见 `plan` 的输出,见[接管已有集群](adopt.zh-CN.md#清单表达不了的内容)"))
        + keys(
            "keepalived.extra",
            .init("global", .texts, .nothing, "Lines for `global_defs`", "写入 `global_defs` 的配置行"),
            .init(
                "script", .texts, .nothing, "Lines for the `vrrp_script` that sees whether HAProxy runs",
                "写入检查 HAProxy 的 `vrrp_script` 的配置行"),
            .init("instance", .texts, .nothing, "Lines for every `vrrp_instance`", "写入每个 `vrrp_instance` 的配置行"),
            .init("top", .texts, .nothing, "Lines for the end of the file, blocks too", "写在文件末尾的配置行,也可以是块"))
        + keys(
            "hosts.NAME",
            .init("address", .text, .required, "IPv4 address, which it is reached by", "IPv4 地址,也用它来连接"),
            .init(
                "role", .choice(["balancer", "application", "retired"]), .required,
                "`balancer` (two at least), `application`, or `retired` as `haprov remove` writes: nothing is done there any more",
                "`balancer`(至少两台)、`application`,或 `haprov remove` 写入的 `retired`:不再对它做任何事"),
            .init(
                "priority", .integer(1...255), .requiredWhere(key: "role", is: "balancer", with: "vip"),
                "Balancers only, 1–254, each its own; the highest holds the VIP; not with `vips`",
                "仅 balancer,1–254,互不相同;最高者持有 VIP;使用 `vips` 时不写"),
            .init(
                "interface", .text, .words(Explanation("`vip.interface`", "`vip.interface`")),
                "NIC of this host, for every VIP", "这台主机的网卡,用于所有 VIP"),
            .init(
                "connection", .choice(Host.Connection.allCases.map(\.rawValue)), .value("ssh"),
                "Or `local`, where it is the machine that haprov runs on",
                "或 `local`:这台主机就是运行 haprov 的机器"),
            .init(
                "ssh", .section("ssh"), .words(Explanation("`ssh`", "`ssh`")), "What differs on this host",
                "这台主机不同的设置"))
        + keys(
            "limits",
            .init(
                "vip_moved", .duration, .value("5s"),
                "How long the VIP may take to move before `verify` fails the drill",
                "VIP 漂移的时间上限,超过则 `verify` 判为失败"),
            .init(
                "client_gap", .duration, .value("5s"),
                "How long clients may be without answers before `verify` fails the drill",
                "客户端无应答的时间上限,超过则 `verify` 判为失败"))
        + keys(
            "drill",
            .init(
                "url", .text,
                .words(Explanation("the first frontend on the VIP, HTTP before TCP", "VIP 上的第一个前端,HTTP 优先于 TCP")),
                "What drills ask each VIP for: `https://shop.example/health`, `http://…`, `tcp://…:5432`; the host is only the name in the request",
                "演练向每个 VIP 请求什么:`https://shop.example/health`、`http://…`、`tcp://…:5432`;其中的主机只是请求里的名字"),
            .init(
                "expect", .texts, .words(Explanation("`[2xx, 3xx]`", "`[2xx, 3xx]`")),
                "Statuses of good answers, one or a list: `200`, `2xx`", "算作成功的状态码,一个或多个:`200`、`2xx`"),
            .init(
                "rate", .integer(1...1000),
                .words(Explanation("`50` with `url` or TLS, else `1000`", "有 `url` 或 TLS 时为 `50`,否则 `1000`")),
                "Requests a second to each VIP, in all at most 1000; it decides how finely gaps are seen",
                "每个 VIP 每秒的请求数,合计不超过 1000;决定能看清多短的中断"),
            .init(
                "verify", .flag, .value("false"),
                "Whether a certificate that is not good is a failure; needs an `https://` URL",
                "证书不合格是否算失败;需要 `https://` 的 URL"),
            .init(
                "ca", .text, .words(Explanation("whom this machine trusts", "本机信任的 CA")),
                "PEM file of those who may sign it, with `verify`", "允许签发证书的 CA 的 PEM 文件,与 `verify` 同用"),
            .init(
                "after_apply", .choice(DrillSettings.AfterApply.allCases.map(\.rawValue)), .value("always"),
                "Whether `apply` drills after changes that matter to failover; or `ask`, or `never`",
                "`apply` 改动影响切换时,结尾是否演练;或 `ask`、`never`"),
            .init(
                "allow", .texts,
                .words(
                    Explanation(
                        "`[\(DrillSettings.usuallyAllowed.joined(separator: ", "))]`",
                        "`[\(DrillSettings.usuallyAllowed.joined(separator: ", "))]`")),
                "Which [drills](drills.md#which-there-are) may run there, or `all`",
                "允许在那里进行哪些[演练](drills.zh-CN.md#有哪些演练),或 `all`"))
        + keys(
            "journal",
            .init(
                "keep", .integer(1...1000), .value("\(Cluster.usualKeptRuns)"),
                "How many of the latest runs can each be gone back to, at least; see [Older runs](rollback.md#older-runs)",
                "至少保留最近几次执行可以逐一回退,见[较早的执行](rollback.zh-CN.md#较早的执行)"))

    private static func keys(_ section: String, _ keys: InventoryKey...) -> [InventoryKey] {
        keys.map {
            var key = $0
            key.section = section
            return key
        }
    }
}

extension InventoryKey {
    fileprivate init(
        _ name: String, _ shape: InventoryShape, _ fallback: Fallback, _ english: String, _ chinese: String
    ) {
        self.init(section: "", name: name, shape: shape, fallback: fallback, meaning: Explanation(english, chinese))
    }

    /// One that the table leaves out.
    fileprivate init(_ name: String, _ shape: InventoryShape, _ fallback: Fallback = .nothing) {
        self.init(section: "", name: name, shape: shape, fallback: fallback, meaning: nil)
    }
}

/// The table of the documentation that says what an inventory may hold, made from what reads it.
package enum InventoryTable {
    /// Every key in Markdown.
    package static func markdown(_ language: Explanation.Language) -> String {
        let head =
            switch language {
            case .english: "| Key | Default | Meaning |"
            case .chinese: "| 键 | 默认值 | 含义 |"
            }
        let rows = InventoryKeys.all.compactMap { key in
            key.meaning.map { "| `\(key.path)` | \(fallback(key.fallback, language)) | \($0.text(language)) |" }
        }
        return ([head, "| --- | --- | --- |"] + rows).joined(separator: "\n") + "\n"
    }

    private static func fallback(_ fallback: InventoryKey.Fallback, _ language: Explanation.Language) -> String {
        switch (fallback, language) {
        case (.required, .english), (.requiredWhere, .english), (.requiredOr, .english): "required"
        case (.required, .chinese), (.requiredWhere, .chinese), (.requiredOr, .chinese): "必填"
        case (.nothing, .english): "none"
        case (.nothing, .chinese): "无"
        case (.value(let value), _): "`\(value)`"
        case (.words(let words), _): words.text(language)
        }
    }
}
