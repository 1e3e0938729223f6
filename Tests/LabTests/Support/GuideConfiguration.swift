import Foundation

/// The guide's three keepalived.conf files, and what of them haprov may say otherwise.
enum GuideConfiguration {
    /// The guide's text for a balancer, comments and all: the three differ in router_id, state and priority.
    private static func file(_ router: String, state: String, priority: Int) -> String {
        """
        global_defs {
        router_id \(router) # 虚拟路由名称
        }

        # HAProxy健康检查配置
        vrrp_script chk_haproxy {
        script "killall -0 haproxy" # 使用killall -0检查haproxy实例是否存在,性能高于ps命令
        interval 2 # 脚本运行周期,秒
        }

        # 虚拟路由配置
        vrrp_instance VI_1 {
        state \(state) # 本机实例状态,MASTER/BACKUP,备机配置文件中请写BACKUP
        interface ens33 # 本机网卡名称,使用ifconfig命令查看
        virtual_router_id 51 # 虚拟路由编号,主备机保持一致
        priority \(priority) # 本机初始权重,备机请填写小于主机的值(例如99
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
        """
    }

    static let preemptive = [
        "haproxy1": file("haproxy1", state: "MASTER", priority: 101),
        "haproxy2": file("haproxy2", state: "BACKUP", priority: 100),
        "haproxy3": file("haproxy3", state: "BACKUP", priority: 99),
    ]

    /// As the guide puts it: all are BACKUP, and `nopreempt` is added.
    static let nonPreemptive = preemptive.mapValues { text in
        text.replacingOccurrences(of: "state MASTER", with: "state BACKUP")
            .replacingOccurrences(of: "advert_int 1 ", with: "advert_int 1\nnopreempt ")
    }

    /// The guide's lines that haprov writes otherwise, and why.
    private static let permitted = [
        // Scripts are run without a PATH to rely on, and only from absolute paths (enable_script_security).
        #"script "killall -0 haproxy""#: #"script "/usr/bin/killall -0 haproxy""#,
        // Version 2 carries 8 characters; keepalived drops the others.
        "auth_pass 4gjfethTonUY7kXU": "auth_pass 4gjfethT",
        // The VIP has the prefix length of its subnet, not 32.
        "172.16.122.100": "172.16.122.100/24",
    ]

    /// What haprov adds after `router_id`: root may signal HAProxy, and nobody but root may change what root runs.
    private static let added = ["script_user root", "enable_script_security"]

    /// What it adds before the instance, for `haprov move`.
    private static func moves(preempt: Bool) -> [String] {
        let asked =
            preempt
            ? [#"script "/etc/keepalived/chk_move.sh here 51""#, "weight 253"]
            : [#"script "/etc/keepalived/chk_move.sh stay 51""#]
        return ["vrrp_script chk_move_VI_1 {"] + asked + ["interval 1", "timeout 10", "}"]
    }

    /// What a keepalived.conf says: its lines without comments, indentation and empty lines.
    static func words(_ text: String) -> [String] {
        text.split(separator: "\n").map { line in
            line.prefix { $0 != "#" && $0 != "!" }.trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
    }

    /// What haprov has to write for one of the guide's files.
    static func expected(_ guide: String) -> [String] {
        let lines = words(guide)
        return lines.flatMap { line -> [String] in
            let written = [permitted[line] ?? line]
            if line.hasPrefix("router_id") { return written + added }
            if line.hasPrefix("vrrp_instance ") { return moves(preempt: !lines.contains("nopreempt")) + written }
            return line == "chk_haproxy" ? written + ["chk_move_VI_1"] : written
        }
    }
}
