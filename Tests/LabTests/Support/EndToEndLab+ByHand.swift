import Foundation

/// The guide's cluster, set up by hand.
extension EndToEndLab {
    /// The folder that has the lab's key and the keys of its hosts.
    var state: String { URL(fileURLWithPath: inventory).deletingLastPathComponent().path }

    /// HAProxy and keepalived below /usr/local, as somebody compiled them, with init scripts of their own.
    func setUpByHand() throws {
        try up()
        for host in Self.balancers { try ask(host, "yum -y -q install psmisc pcre libnl3 >&2") }
        // Compiled by haprov, which then takes back what it did.
        let applied = try haprov("apply", "--yes", "--no-verify", "--limit", "haproxy3")
        guard applied.status == 0 else { throw Trouble("haprov apply: \(applied)") }
        let programs = "\(folder)/programs.tar"
        let packed = try Program.run([
            "sh", "-c",
            #"exec "$1" lab exec --name "$2" haproxy3 -- tar -C / -cf - --exclude=usr/local/haproxy/conf usr/local/haproxy usr/local/keepalived >"$3""#,
            "sh", Self.program, name, programs,
        ])
        guard packed.status == 0 else { throw Trouble("tar: \(packed)") }
        let back = try haprov("rollback", "--all", "--yes")
        guard back.status == 0 else { throw Trouble("haprov rollback: \(back)") }
        for host in Self.balancers {
            try send(programs, to: "/root/programs.tar", on: host)
            try ask(host, Self.byHand)
        }
        try serves()
    }

    /// HAProxy and keepalived as packages bring them, their configurations edited.
    func setUpOfPackages() throws {
        try up()
        for host in Self.balancers { try ask(host, Self.ofPackages) }
        try serves()
    }

    private func serves() throws {
        disturbed()
        try settled()
        try wait("the service to answer") { try get("http://\(Self.vip)/").hasPrefix("app") }
    }

    private static let ofPackages = #"""
        set -e
        export DEBIAN_FRONTEND=noninteractive
        apt-get -q update >&2
        apt-get -q -y --no-install-recommends install haproxy keepalived psmisc >&2
        cat >>/etc/haproxy/haproxy.cfg <<'END'

        frontend web
            bind *:80
            default_backend app

        backend app
            balance roundrobin
            option redispatch
            server app1 172.16.122.104:10900 check
            server app2 172.16.122.105:10900 check
            server app3 172.16.122.106:10900 check
        END
        case $(uname -n) in
        haproxy1) priority=110 ;;
        haproxy2) priority=105 ;;
        *) priority=100 ;;
        esac
        cat >/etc/keepalived/keepalived.conf <<END
        global_defs {
            router_id $(uname -n)
            script_user root
            enable_script_security
        }

        vrrp_script haproxy {
            script "/usr/bin/killall -0 haproxy"
            interval 2
        }

        vrrp_instance web {
            state BACKUP
            interface ens33
            virtual_router_id 51
            priority $priority
            advert_int 1
            authentication {
                auth_type PASS
                auth_pass s3cr3t
            }
            virtual_ipaddress {
                172.16.122.100/24 dev ens33
            }
            track_script {
                haproxy
            }
        }
        END
        chmod 644 /etc/keepalived/keepalived.conf
        systemctl enable haproxy keepalived
        systemctl restart haproxy
        systemctl restart keepalived
        """#

    private static let byHand = #"""
        set -e
        tar -C / -xf /root/programs.tar
        rm /root/programs.tar
        mkdir -p /usr/local/haproxy/conf /etc/keepalived /var/lib/haproxy
        id haproxy >/dev/null 2>&1 || useradd --system --home-dir /var/lib/haproxy haproxy
        rm -f /usr/sbin/keepalived
        cp /usr/local/keepalived/sbin/keepalived /usr/sbin/
        cat >/usr/local/haproxy/conf/haproxy.cfg <<'END'
        global
            log /dev/log local0
            user haproxy
            group haproxy
            daemon
            maxconn 4000
            stats socket /var/run/haproxy.sock mode 600 level admin expose-fd listeners
        defaults
            mode http
            timeout connect 5s
            timeout client 1m
            timeout server 1m
        frontend web
            bind *:80
            errorfile 503 /usr/local/haproxy/conf/errors/503.http
            default_backend app
        backend app
            balance roundrobin
            server app1 172.16.122.104:10900 check
            server app2 172.16.122.105:10900 check
            server app3 172.16.122.106:10900 check
        END
        mkdir -p /usr/local/haproxy/conf/errors
        printf 'HTTP/1.0 503 Service Unavailable\r\nConnection: close\r\n\r\nback soon\n' >/usr/local/haproxy/conf/errors/503.http
        cat >/etc/init.d/haproxy <<'END'
        #!/bin/sh
        ### BEGIN INIT INFO
        # Provides: haproxy
        # Required-Start: $network
        # Required-Stop: $network
        # Default-Start: 2 3 4 5
        # Default-Stop: 0 1 6
        # Short-Description: HAProxy
        ### END INIT INFO
        program=/usr/local/haproxy/sbin/haproxy
        configuration=/usr/local/haproxy/conf/haproxy.cfg
        pid=/var/run/haproxy.pid
        case $1 in
        start) $program -D -f $configuration -p $pid ;;
        stop) [ ! -s $pid ] || kill $(cat $pid) ;;
        restart) $0 stop; sleep 1; $0 start ;;
        reload) $program -c -q -f $configuration && $program -D -f $configuration -p $pid -sf $(cat $pid) ;;
        status) kill -0 $(cat $pid) ;;
        *) echo "Usage: $0 {start|stop|restart|reload|status}"; exit 2 ;;
        esac
        END
        cat >/etc/init.d/keepalived <<'END'
        #!/bin/sh
        ### BEGIN INIT INFO
        # Provides: keepalived
        # Required-Start: $network haproxy
        # Required-Stop: $network
        # Default-Start: 2 3 4 5
        # Default-Stop: 0 1 6
        # Short-Description: High Availability monitor built upon LVS and VRRP
        ### END INIT INFO
        pid=/var/run/keepalived.pid
        case $1 in
        start) /usr/sbin/keepalived -D ;;
        stop) [ ! -s $pid ] || kill $(cat $pid) ;;
        restart) $0 stop; sleep 2; $0 start ;;
        reload) kill -HUP $(cat $pid) ;;
        status) kill -0 $(cat $pid) ;;
        *) echo "Usage: $0 {start|stop|reload|restart|status}"; exit 2 ;;
        esac
        END
        chmod +x /etc/init.d/haproxy /etc/init.d/keepalived
        case $(uname -n) in
        haproxy1) state=MASTER priority=101 ;;
        haproxy2) state=BACKUP priority=100 ;;
        *) state=BACKUP priority=99 ;;
        esac
        cat >/etc/keepalived/keepalived.conf <<END
        global_defs {
        router_id $(uname -n) # 虚拟路由名称
        }

        # HAProxy健康检查配置
        vrrp_script chk_haproxy {
        script "killall -0 haproxy" # 使用killall -0检查haproxy实例是否存在,性能高于ps命令
        interval 2 # 脚本运行周期,秒
        }

        # 虚拟路由配置
        vrrp_instance VI_1 {
        state $state # 本机实例状态,MASTER/BACKUP,备机配置文件中请写BACKUP
        interface ens33 # 本机网卡名称,使用ifconfig命令查看
        virtual_router_id 51 # 虚拟路由编号,主备机保持一致
        priority $priority # 本机初始权重,备机请填写小于主机的值(例如99
        advert_int 1 # 争抢虚地址的周期,秒
        authentication {
        auth_type PASS
        auth_pass 4gjfethTonUY7kXU # 认证类型和密码主备一样,要不然无法互相认证
        }
        virtual_ipaddress {
        172.16.122.100 # 虚地址IP,主备机保持一致
        }
        track_script {
        chk_haproxy # 对应的健康检查配置
        }
        }
        END
        firewall-cmd -q --permanent --zone=public --add-protocol=vrrp
        firewall-cmd -q --permanent --zone=public --add-port=80/tcp
        firewall-cmd -q --reload
        systemctl daemon-reload
        systemctl enable haproxy keepalived
        systemctl start haproxy
        systemctl start keepalived
        """#
}
