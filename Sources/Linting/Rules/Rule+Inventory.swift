import Texts

/// What an inventory itself is doubted for: `InventoryLint` and `OwnConfigurationLint` judge, while it is read.
extension Rule {
    static let inventory = [
        Rule(
            "HV501", .warning, Explanation("The VRRP password in clear", "VRRP 密码是明文"),
            Explanation(
                "Whoever can read the inventory, or its history, can speak for the master.",
                "谁能读到清单或它的历史,谁就能冒充 master。"),
            wrong: "password: secret01", right: "password: { env: HAPROV_VRRP_PASSWORD }"),
        Rule(
            "HV502", .warning, Explanation("A very short advertisement interval", "通告间隔很短"),
            Explanation(
                "A backup takes over after three intervals of silence. Where these are a few hundredths of a second, a busy "
                    + "machine or a switch is silent for as long, and the address moves for nothing.",
                "三个间隔没有声音备机就接管。间隔只有百分之几秒时,机器忙或交换机停顿就会有这么久没有声音,地址白白漂移。"),
            wrong: "advert_int: 10ms", right: "advert_int: 1s"),
        Rule(
            "HV503", .warning, Explanation("Standbys that take over at the same moment", "备机几乎同时接管"),
            Explanation(
                "How long a standby waits follows from its priority. Priorities that are close together with a short interval let "
                    + "two of them take the address before either has heard the other.",
                "备机等多久由优先级决定。间隔短而优先级相近时,两台会在听到对方之前都占用地址。"),
            wrong: "priorities 100 and 99 with advert_int 100ms", right: "priorities 150 and 100"),
        Rule(
            "HV504", .warning, Explanation("Limits below what a takeover may need", "limits 小于接管可能需要的时间"),
            Explanation(
                "`verify` judges by `limits`. Below the worst case that follows from intervals and priorities, it fails a cluster "
                    + "now and then that is in order.",
                "`verify` 按 `limits` 判定。小于由间隔和优先级得出的最坏情况,正常的集群也会偶尔不通过。"),
            wrong: "limits: { client_gap: 1s }", right: "limits: { client_gap: 5s }"),
        Rule(
            "HV505", .warning, Explanation("The preferred balancer compiles", "首选主机负责编译"),
            Explanation(
                "Compilers take what processors there are, beside HAProxy that serves clients.",
                "编译会占满处理器,而同一台上的 HAProxy 正在为客户端服务。"),
            wrong: "build_host: haproxy1        # the highest priority", right: "build_host: haproxy3"),
        Rule(
            "HV506", .warning, Explanation("A backend that no frontend uses", "没有前端使用的后端"),
            Explanation(
                "Its servers are checked, and nobody is sent to them.", "它的服务器会被检查,但没有请求送过去。"),
            wrong: "frontends: { web: { backend: app } }\nbackends: { app: …, api: … }",
            right: "frontends: { web: { backend: app }, api: { backend: api } }"),
        Rule(
            "HV507", .warning, Explanation("A backend with one server", "只有一台服务器的后端"),
            Explanation(
                "Balancers that fail over do not help where the only application host is down.",
                "唯一的应用主机宕机,负载均衡再怎么切换也没有用。"),
            wrong: "servers: [app1]", right: "servers: [app1, app2]"),
        Rule(
            "HV508", .warning, Explanation("A balance algorithm that needs HTTP, in mode tcp", "tcp 模式用了需要 HTTP 的算法"),
            Explanation(
                "In mode tcp HAProxy sees no requests, and falls back to roundrobin.",
                "tcp 模式下 HAProxy 看不到请求,退回 roundrobin。"),
            wrong: "mode: tcp\nbalance: uri", right: "mode: http\nbalance: uri"),
        Rule(
            "HV509", .warning, Explanation("An application host that no backend uses", "没有后端使用的应用主机"),
            Explanation("It gets no requests.", "它收不到请求。"), wrong: "hosts: { app4: { role: application } }",
            right: "servers: [app1, app2, app3, app4]"),
        Rule(
            "HV510", .warning, Explanation("Two frontends on one port", "两个前端用同一端口"),
            Explanation(
                "One binds the port on every address, the other on the virtual address: which of them answers there depends on "
                    + "how HAProxy was started.",
                "一个在所有地址上绑定该端口,另一个在虚拟地址上绑定:由谁应答取决于 HAProxy 怎样启动。"),
            wrong: "bind: \"*:80\"\nbind: 172.16.122.100:80", right: "bind: \"*:80\"\nbind: 172.16.122.100:8080"),
        Rule(
            "HV511", .warning, Explanation("A password for SSH or root in clear", "SSH 或 root 的密码是明文"),
            Explanation(
                "Whoever can read the inventory is root on the hosts.", "谁能读到清单,谁就是主机上的 root。"),
            wrong: "ssh: { password: … }", right: "ssh: { identity: ~/.ssh/id_ed25519 }"),
        Rule(
            "HV512", .warning, Explanation("known_hosts is /dev/null", "known_hosts 是 /dev/null"),
            Explanation(
                "haprov refuses hosts that it does not know: with an empty list, all of them.",
                "haprov 拒绝它不认识的主机:名单为空,就是全部拒绝。"),
            wrong: "known_hosts: /dev/null", right: "known_hosts: ~/.ssh/known_hosts"),
        Rule(
            "HV513", .warning, Explanation("A public key where a private one is meant", "把公钥写成了私钥"),
            Explanation("With the public key nobody can log in.", "用公钥无法登录。"),
            wrong: "identity: ~/.ssh/id_ed25519.pub", right: "identity: ~/.ssh/id_ed25519"),
        Rule(
            "HV520", .warning, Explanation("Something in haproxy.cfg was not understood", "haproxy.cfg 中有未读懂的内容"),
            Explanation(
                "haprov derives ports, servers and what drills ask from the configuration. What it does not understand it may get "
                    + "wrong; HAProxy itself judges the file on the hosts before it is used.",
                "haprov 由配置得出端口、服务器和演练的请求。没读懂的部分可能得错;文件启用之前由主机上的 HAProxy 自己判断。"),
            wrong: "bind :\"$PORT\"", right: "bind :80"),
        Rule(
            "HV521", .warning, Explanation("A file outside the configuration's folder", "配置目录之外的文件"),
            Explanation(
                "haprov neither puts it on balancers nor takes it back: a standby may lack it.",
                "haprov 既不分发也不回滚它:备机上可能没有。"),
            wrong: "bind :443 ssl crt /root/site.pem", right: "bind :443 ssl crt certs/site.pem"),
        Rule(
            "HV522", .warning, Explanation("A file that is named and missing", "提到的文件不存在"),
            Explanation(
                "HAProxy does not start without it.", "缺了它 HAProxy 无法启动。"),
            wrong: "crt certs/site.pem        # not in the folder", right: "haproxy/certs/site.pem"),
        Rule(
            "HV523", .warning, Explanation("A very long range of ports", "端口范围很大"),
            Explanation(
                "haprov opens the first 128 in the firewall and looks after these.", "haprov 只在防火墙中开放并照看前 128 个。"),
            wrong: "bind :10000-20000", right: "bind :10000-10100"),
        Rule(
            "HV524", .error, Explanation("Lua, and HAProxy is compiled without it", "用了 Lua,编译的 HAProxy 却不带它"),
            Explanation(
                "HAProxy built from a tarball has Lua only where make is told so. Without it `lua-load` is an unknown keyword, and "
                    + "HAProxy does not start. What stands below `.if` is not judged: `.if feature(LUA)` is for either.",
                "由源码包编译的 HAProxy 只有在 make 的选项要求时才带 Lua。没有 Lua,`lua-load` 就是未知关键字,HAProxy 无法启动。`.if` 之下的内容不作判断:`.if feature(LUA)` 两种情况都适用。"
            ),
            wrong: "haproxy: { version: 2.6.12, config: haproxy/ }        # with lua-load",
            right: "haproxy: { version: 2.6.12, config: haproxy/, make: [USE_LUA=1] }"),
    ]
}
