extension InventoryTemplate {
    static let chinese = #"""
        # haprov 的清单:一个高可用的 HAProxy 服务。
        #
        # 三台主机运行 HAProxy,通过 VRRP 共享一个虚拟 IP(VIP);另外三台运行应用。
        # 先把地址、网卡名和 VRRP 密码改成自己的,然后:
        #
        #   haprov check        检查本文件有没有错误
        #   haprov plan         列出将要对各主机做的改动
        #   haprov apply        执行改动,并询问是否演练故障切换
        #   haprov rollback     全部撤销

        # 服务名称:字母、数字、`.`、`_`、`-`。
        cluster: web

        # 实现 VRRP 的程序。两者读同一份 keepalived.conf,以后改这一个词就能切换:
        #   keepalived   从源码包编译
        #   vrrpd        haprov 自带的 haprov-vrrpd:无需编译,HAProxy 一死立刻察觉
        engine: keepalived

        # 登录方式。每台主机也可以有自己的 `ssh:`,写其中任意几项即可。
        ssh:
          user: root                           # 或者能用 sudo 变成 root 的用户
          # port: 22
          # 不写 `identity` 时,先用 ssh-agent 里的密钥,再依次尝试 ~/.ssh/id_ed25519、id_ecdsa、id_rsa。
          # identity: ~/.ssh/id_ed25519        # 一个文件,或多个:[~/.ssh/id_ed25519, ~/.ssh/id_rsa]
          # passphrase_env: HAPROV_PASSPHRASE  # 存放密钥口令的环境变量;不写则在终端询问
          # password: { env: HAPROV_SSH_PASSWORD }
          # become: { by: sudo, password: { env: HAPROV_SUDO_PASSWORD } }   # 或 by: su;不写则用 `sudo -n`,不行再在终端询问
          # jump: ops@bastion.example          # 到各主机要经过的跳板机,可写多台
          # config: ~/.ssh/config              # 这里没写的,按 OpenSSH 的这份配置
          # timeouts: { connect: 10s, login: 60s, begin: 60s, reconnect: 2m }
          known_hosts: ~/.ssh/known_hosts      # 始终校验主机公钥

        # 会漂移的地址。
        vip:
          address: 172.16.122.100/24           # 未被占用,且与三台 HAProxy 主机同网段
          interface: ens33                     # HAProxy 主机的网卡名,用 `ip addr` 查看
          virtual_router_id: 51                # 1 到 255;同一网络里不能有别的 VRRP 路由使用它
          version: 2                           # VRRP 2;间隔要小于一秒时用 3(没有密码)
          advert_int: 1s                       # 版本 2 只能是整秒;版本 3 为 10ms 到 40.95s
          preempt: true                        # 抢占:优先级最高的主机恢复后收回 VIP
          # unicast: true                      # 网络不通组播时,按地址逐个通告

          # VRRP 2 以明文发送密码,而且只带前 8 个字符:它防误配置,不防攻击者。
          # 执行 `haprov apply` 之前:export HAPROV_VRRP_PASSWORD=...
          password: { env: HAPROV_VRRP_PASSWORD }   # 或 { file: 路径 },或者直接写密码

        # 多个 VIP 或 IPv6:用 `vips` 代替 `vip`,`hosts` 里不写 `priority`。
        # vrrp: { interface: ens33 }           # 对所有 VIP 都一样的设置
        # vips:
        #   web: { addresses: [172.16.122.100/24], virtual_router_id: 51, prefer: [haproxy1, haproxy2, haproxy3] }
        #   api: { addresses: [172.16.122.110/24], virtual_router_id: 52, prefer: [haproxy2, haproxy3, haproxy1] }

        # process:        HAProxy 进程不在就让出 VIP(每 2 秒检查一次)
        # restart-first:  先尝试重新启动 HAProxy,启动失败才让出 VIP
        # answer:         同 process,并且 HAProxy 必须应答:卡死也让出 VIP
        health_check: process

        # 编译器和依赖库从哪里来:
        #   host             主机上已配置的 yum 源
        #   { rpms: 目录 }   本机上的一个 RPM 目录,用于不能联网的主机
        #   { debs: DIR }    本机上的 .deb 目录
        #   vault            vault.centos.org,与主机的 CentOS 小版本一致
        packages: host

        # 如果安装依赖会升级已装的软件包,默认拒绝;要允许就写:
        # allow_upgrades: true

        # HAProxy 和 keepalived 只在一台主机上编译,再分发给其他主机。默认是优先级最低的那台。
        # build_host: haproxy3

        # 源码包放在本文件旁边的 assets/ 目录;`haprov assets list` 会列出缺少的文件。
        haproxy:
          # from: package                    # 发行版自带的软件包;此时不写 version 和 prefix
          version: 1.8.25
          prefix: /usr/local/haproxy
          # config: haproxy/                 # 自己的 haproxy.cfg 及其旁边的文件,代替下面的内容
          frontends:
            web:
              bind: "*:80"                     # 客户端访问的地址:所有地址,或 VIP
              # mode: http                     # 或 tcp
              backend: app
          backends:
            app:
              servers: application             # 所有应用主机,或其中几台:[app1, app2]
              port: 10900
              # check: { path: /health }       # 检查每台服务器的页面;不写则只检查端口能否连接
              balance: roundrobin              # leastconn、source、uri……

        keepalived:                            # `engine: vrrpd` 时可不写
          version: 1.4.5
          prefix: /usr/local/keepalived

        # haprov 只改动 balancer;优先级最高的持有 VIP。应用主机不会被改动。
        hosts:
          haproxy1: { address: 172.16.122.101, role: balancer, priority: 101 }
          haproxy2: { address: 172.16.122.102, role: balancer, priority: 100 }
          haproxy3: { address: 172.16.122.103, role: balancer, priority: 99 }
          # 某台主机可以有自己的网卡名和登录方式:
          # haproxy4: { address: 172.16.122.107, role: balancer, priority: 98, interface: eth0, ssh: { port: 2222 } }
          app1: { address: 172.16.122.104, role: application }
          app2: { address: 172.16.122.105, role: application }
          app3: { address: 172.16.122.106, role: application }

        # 故障切换的上限,超过则 `haprov verify` 判为失败。
        limits:
          vip_moved: 5s                        # 从 HAProxy 死亡到另一台主机持有 VIP
          client_gap: 5s                       # 客户端得不到应答的最长时间

        # 演练:在客户端不断请求时,杀掉持有 VIP 的节点上的 HAProxy,随后恢复。
        drill:
          after_apply: ask                     # `haprov apply` 结尾是否演练:询问;或 always、never
          # url: https://shop.example/health   # 向 VIP 请求什么;不写则用第一个前端
          # expect: 200                        # 什么算成功;不写则为 2xx 和 3xx
          # rate: 50                           # 每秒请求数
          # verify: true                       # 证书不合格是否算失败
          # ca: ca.pem                         # 谁可以签发证书

        """#
}
