import Inventory
import Texts
import VRRP
import YAMLReading

/// What is wrong in one keepalived.conf, or in the priorities of all.
extension Rule {
    static let vrrp = [
        Rule(
            "HV100", .error,
            Explanation("keepalived would not read this as it is written", "keepalived 不会照字面理解这一行"),
            Explanation(
                "What stands there is refused, left out or taken for something else by keepalived. Many of its versions start "
                    + "all the same, without the part in question, so that the cluster looks fine until that part is needed.",
                "这里的内容会被 keepalived 拒绝、忽略或作别的理解。许多版本照常启动,只是缺了这一部分,于是集群看上去正常,直到用到它为止。"),
            wrong: "priority 1000", right: "priority 100",
            judge: { subject in
                subject.keepaliveds.flatMap(\.result.diagnostics).filter { $0.topic == .other && $0.severity == .error }
                    .map {
                        Remark(
                            Finding.Place(file: $0.file, line: $0.line), $0.message,
                            "Correct the line; `keepalived -t` (from 2.0.4 on) says what keepalived itself makes of it."
                        )
                    }
            }),
        Rule(
            "HV101", .error,
            Explanation("A weight never outweighs the priority gap", "权重不足以抵消优先级差"),
            Explanation(
                "A check with a weight changes the priority and nothing else. Where the priority of the balancer whose check "
                    + "fails is still not below that of another one whose checks are well, the address stays where HAProxy is "
                    + "dead. The weight has to be greater than the gap; or leave it out: a check without a weight gives the "
                    + "address up whatever the priorities are.",
                "带权重的检查只改变优先级。检查失败的一台,优先级若仍不低于检查正常的另一台,地址就留在 HAProxy 已死的主机上。权重须大于优先级差;或不写权重:没有权重的检查一失败就让出地址。"),
            wrong: "weight -2        # priorities 101 and 90", right: "# no weight, or weight -20",
            judge: weights),
        Rule(
            "HV102", .error,
            Explanation("A weight with nopreempt moves nothing", "nopreempt 之下的权重不起作用"),
            Explanation(
                "With `nopreempt` a balancer does not take the address from one that advertises a lower priority. A check "
                    + "with a weight does just that: it lowers a priority. So the address stays where the check fails, for "
                    + "ever. Leave the weight out: then a failing check gives the address up.",
                "有了 `nopreempt`,优先级较高的主机也不会从较低的主机那里夺走地址,而带权重的检查只会降低优先级。于是检查失败的主机一直保有地址。去掉权重:检查一失败就让出地址。"),
            wrong: "nopreempt\ntrack_script { chk_haproxy weight -20 }",
            right: "nopreempt\ntrack_script { chk_haproxy }",
            judge: { $0.remarks(.weightWithNoPreempt, "Leave the weight out, or take `nopreempt` away.") }),
        Rule(
            "HV103", .warning,
            Explanation("nopreempt does nothing with state MASTER", "state MASTER 使 nopreempt 失效"),
            Explanation(
                "keepalived ignores `nopreempt` in an instance that begins with `state MASTER`: after a reboot that host "
                    + "takes the address back, and connections are cut once more. Write `state BACKUP` on every balancer.",
                "实例写了 `state MASTER`,keepalived 就忽略 `nopreempt`:主机重启后会夺回地址,连接再断一次。每台都写 `state BACKUP`。"),
            wrong: "state MASTER\nnopreempt", right: "state BACKUP\nnopreempt",
            judge: {
                $0.remarks(
                    .noPreemptAsMaster, "Write `state BACKUP` on every balancer: the priority decides all the same.")
            }),
        Rule(
            "HV104", .warning,
            Explanation(
                "state MASTER takes the address before a weighted check has failed", "state MASTER 在带权重的检查失败之前就占用地址"),
            Explanation(
                "With `state MASTER` keepalived waits for one advertisement and no longer when it starts. Until a check has "
                    + "failed often enough it counts as well, and its weight lets the host keep the address meanwhile: a host "
                    + "that boots with a broken HAProxy takes the address from one that works. A check without a weight, or "
                    + "with `init_fail`, or `state BACKUP` avoids that.",
                "`state MASTER` 使 keepalived 启动时只等一个通告间隔。检查失败次数未满之前视为正常,权重又让它保住地址:HAProxy 起不来的主机一启动就从正常的主机那里抢走地址。检查不写权重、写 `init_fail`,或写 `state BACKUP` 都可避免。"
            ),
            wrong: "state MASTER\ntrack_script { chk_haproxy weight -20 }",
            right: "state BACKUP\ntrack_script { chk_haproxy weight -20 }",
            judge: eagerMasters),
        Rule(
            "HV105", .warning, Explanation("Equal priorities", "优先级相同"),
            Explanation(
                "Balancers of one priority all wait equally long for the master, and then take the address together; the one "
                    + "with the highest IP address gets its way after a moment with two masters. Which one that is nobody "
                    + "decided. Give each its own priority.",
                "优先级相同的主机等待同样久,然后同时占用地址;经过片刻双主,IP 地址最大的一台胜出,而这并不是谁决定的。给每台不同的优先级。"),
            wrong: "lb1: priority 100\nlb2: priority 100", right: "lb1: priority 150\nlb2: priority 100", judge: ties),
        Rule(
            "HV106", .error, Explanation("One virtual router ID twice", "同一 VRID 用了两次"),
            Explanation(
                "Two instances with one `virtual_router_id` on one NIC hear each other's advertisements as their own: one of "
                    + "them never becomes master, or both change all the time.",
                "同一网卡上两个实例用同一个 `virtual_router_id`,会把对方的通告当作自己的:其中一个永远当不上 master,或两个不停切换。"),
            wrong:
                "vrrp_instance A { interface eth0 virtual_router_id 51 }\nvrrp_instance B { interface eth0 virtual_router_id 51 }",
            right: "vrrp_instance B { interface eth0 virtual_router_id 52 }",
            judge: {
                $0.remarks(.sharedRouterID, "Give each instance a number of its own, the same on every balancer.")
            }),
        Rule(
            "HV107", .warning, Explanation("A password that is cut at 8 characters", "密码在第 8 个字符处被截断"),
            Explanation(
                "VRRP version 2 carries 8 characters of a password, in clear. What stands behind them protects nothing, and two "
                    + "passwords that begin alike are one to it.",
                "VRRP 第 2 版只传密码的前 8 个字符,而且是明文。之后的字符毫无用处,开头相同的两个密码也就是同一个。"),
            wrong: "auth_pass 4gjfethTonUY7kXU", right: "auth_pass 4gjfethT",
            judge: { $0.remarks(.longPassword, "Shorten it to 8, so that nobody counts on more.") }),
        Rule(
            "HV108", .error, Explanation("vrrp_strict", "vrrp_strict"),
            Explanation(
                "`vrrp_strict` (or `strict_mode`) makes keepalived drop all packets to the virtual address by a packet filter, "
                    + "refuses unicast peers and passwords: clients get no answer although everything looks as it should. "
                    + "Several distributions have it in their example. `accept` in each instance lets packets in.",
                "`vrrp_strict`(或 `strict_mode`)使 keepalived 用防火墙丢弃发往虚拟地址的一切报文,并拒绝单播和密码:看上去一切正常,客户端却得不到回应。不少发行版的示例里有它。每个实例写 `accept` 则放行。"
            ),
            wrong: "global_defs { vrrp_strict }", right: "global_defs { }",
            judge: { subject in
                var dropping = subject
                // `accept` lets them in all the same.
                dropping.balancers.removeAll { balancer in
                    balancer.routers.allSatisfy {
                        $0.keepalived.result.outline.has("accept", in: "vrrp_instance", $0.name)
                    }
                }
                return dropping.remarks(.strict, "Remove the line.") {
                    "`\($0.message.contains("strict_mode") ? "strict_mode" : "vrrp_strict")` lets a packet filter drop "
                        + "what clients send to the virtual address"
                }
            }),
        Rule(
            "HV109", .error, Explanation("Nothing lowers priority 255", "优先级 255 不会下降"),
            Explanation(
                "Priority 255 is that of the address's owner, which VRRP lets nobody outbid; keepalived does not track what has "
                    + "a weight there. The address stays where HAProxy is dead.",
                "优先级 255 属于地址的所有者,VRRP 不允许别人超过它;此时 keepalived 不理会带权重的检查。地址留在 HAProxy 已死的主机上。"),
            wrong: "priority 255\ntrack_script { chk_haproxy weight -20 }",
            right: "priority 150\ntrack_script { chk_haproxy }",
            judge: { $0.remarks(.weightOfOwner, "Give it 254 or less, and leave the weight out.") }),
        Rule(
            "HV110", .error, Explanation("What is tracked is defined nowhere", "跟踪的检查没有定义"),
            Explanation(
                "keepalived leaves a name in `track_script`, `track_process` or `track_file` out that no block above it "
                    + "defines, and starts: HAProxy's death moves nothing.",
                "`track_script`、`track_process`、`track_file` 里的名字若没有在前面定义,keepalived 略过它照常启动:HAProxy 死了地址也不动。"),
            wrong: "track_script { chk_haprox }", right: "track_script { chk_haproxy }",
            judge: { $0.remarks(.undefinedCheck, "Define it above the instance, or correct the name.") }),
        Rule(
            "HV111", .error, Explanation("Nothing looks at HAProxy", "没有任何检查关注 HAProxy"),
            Explanation(
                "VRRP notices that a host or its keepalived is gone, and nothing else. Without a `track_script` or a "
                    + "`track_process` the address stays on a host whose HAProxy is dead.",
                "VRRP 只能发现主机或它的 keepalived 消失。没有 `track_script` 或 `track_process`,地址就留在 HAProxy 已死的主机上。"),
            wrong: "vrrp_instance VI_1 { … }",
            right:
                "vrrp_script chk_haproxy {\n    script \"/usr/bin/killall -0 haproxy\"\n}\nvrrp_instance VI_1 {\n    track_script { chk_haproxy }\n}",
            judge: untracked),
        Rule(
            "HV112", .warning, Explanation("A weight in a sync group", "同步组里的权重"),
            Explanation(
                "keepalived does not track what has a weight in an instance that belongs to a `vrrp_sync_group`. Leave the "
                    + "weight out.",
                "属于 `vrrp_sync_group` 的实例,keepalived 不理会其中带权重的检查。去掉权重。"),
            wrong: "track_script { chk_haproxy weight -20 }", right: "track_script { chk_haproxy }",
            judge: { $0.remarks(.weightInGroup, "Leave the weight out.") }),
        Rule(
            "HV113", .warning, Explanation("A keyword that keepalived may not know", "keepalived 可能不认识的关键字"),
            Explanation(
                "keepalived writes a line into its log about a keyword that it does not know, and goes on without it. It is "
                    + "most often one that is misspelt, or stands in the wrong block.",
                "遇到不认识的关键字,keepalived 只在日志里写一行就继续,不再理会它。多半是拼错了,或写错了块。"),
            wrong: "virtual_router 51", right: "virtual_router_id 51",
            judge: { $0.remarks(.unknownKeyword, "Correct or remove it.") }),
        Rule(
            "HV114", .warning, Explanation("The death of a host is noticed too late", "主机死亡发现得太晚"),
            Explanation(
                "A backup takes over after three intervals without an advertisement and a little more. Where `advert_int` is "
                    + "long, that alone is more than clients were promised.",
                "备机在三个通告间隔再多一点的时间里听不到通告才接管。`advert_int` 太长,单这一项就超过了承诺的时间。"),
            wrong: "advert_int 5", right: "advert_int 1", judge: slowIntervals),
        Rule(
            "HV115", .warning, Explanation("keepalived takes this for something else", "keepalived 的理解与字面不同"),
            Explanation(
                "The line is valid, and means something other to keepalived than it seems to, or nothing at all.",
                "这一行合法,但 keepalived 的理解与字面不同,或根本不起作用。"),
            wrong: "preempt_delay 60\nnopreempt", right: "nopreempt",
            judge: { subject in
                // Of every second hand-written file, and harmless: keepalived finds the program as root's PATH does.
                subject.keepaliveds.flatMap(\.result.diagnostics).filter {
                    $0.topic == .other && $0.severity == .warning && !$0.message.contains("PATH")
                }.map {
                    Remark(
                        Finding.Place(file: $0.file, line: $0.line), $0.message,
                        "See keepalived.conf(5), and write what is meant.")
                }
            }),
    ]

    private static func weights(_ subject: LintSubject) -> [Remark] {
        SharedRouter.all(of: subject).flatMap { shared in
            shared.members.flatMap { router -> [Remark] in
                let others = shared.members.filter { $0.balancer.name != router.balancer.name }
                guard !others.isEmpty, shared.members.allSatisfy(\.isPriorityKnown), router.settings.priority < 255,
                    router.group == nil, router.settings.preempt, !router.checks.contains(where: { $0.weight == 0 }),
                    // One that nobody outbids stays for want of a reason to move, and one that is never master has nothing to lose.
                    others.contains(where: { $0.priority() < router.priority() })
                else { return [] }
                return router.checks.filter { $0.weight != 0 && !$0.isReversed }.compactMap { check in
                    guard case .stays = router.departure(failing: check, others: others),
                        let next = others.max(by: { $0.priority() < $1.priority() })
                    else { return nil }
                    let left = router.priority(whileFailing: check)
                    return Remark(
                        check.weightPlace,
                        "where `\(check.name)` fails, \(router.balancer.name) goes from priority \(router.priority()) to "
                            + "\(left), which is not below \(next.balancer.name)'s \(next.priority()): "
                            + "\(router.name) stays where the check fails",
                        "Leave the weight out, or make it greater than \(abs(router.priority() - next.priority())) on both."
                    )
                }
            }
        }
    }

    private static func eagerMasters(_ subject: LintSubject) -> [Remark] {
        let eager = subject.balancers.flatMap(\.routers).filter { router in
            // With a check that has no weight, that one decides.
            router.settings.startsAsMaster && router.group == nil && !router.checks.contains { $0.weight == 0 }
        }
        return eager.flatMap { router in
            router.checks.filter { check in
                check.script?.startsDown == false && check.weight != 0 && !check.isReversed
                    && check.seesDeathWithin >= router.settings.advertisementInterval.wholeMilliseconds
            }.prefix(1).map { check in
                Remark(
                    router.place("state"),
                    "after a start \(router.name) is taken with `state MASTER` within "
                        + "\(Notation.duration(router.settings.advertisementInterval.wholeMilliseconds)), and `\(check.name)` "
                        + "needs up to \(Notation.duration(check.seesDeathWithin)) to see that HAProxy is dead",
                    "Write `state BACKUP`, or leave the weight out, or add `init_fail` to the check.")
            }
        }
    }

    private static func ties(_ subject: LintSubject) -> [Remark] {
        SharedRouter.all(of: subject).flatMap { shared in
            shared.members.enumerated().compactMap { index, router in
                guard router.isPriorityKnown,
                    let other = shared.members[..<index].first(where: {
                        $0.isPriorityKnown && $0.settings.priority == router.settings.priority
                    })
                else { return nil }
                return Remark(
                    router.place("priority"),
                    "\(router.balancer.name) and \(other.balancer.name) both have priority \(router.settings.priority) for "
                        + "\(router.name): they take its address at the same moment",
                    "Give each balancer its own priority, such as 150 and 100.")
            }
        }
    }

    private static func untracked(_ subject: LintSubject) -> [Remark] {
        subject.balancers.flatMap(\.routers).compactMap { router in
            let outline = router.keepalived.result.outline
            let group = router.group
            let isTracked =
                !router.checks.isEmpty || !router.definition.trackedFiles.isEmpty
                || !(group?.trackedFiles.isEmpty ?? true)
                // What could not be read, or is defined nowhere, is told of elsewhere.
                || ["track_script", "track_process", "track_bfd"].contains {
                    outline.has($0, in: "vrrp_instance", router.name)
                        || group.map { group in outline.has("track_script", in: "vrrp_sync_group", group.name) }
                            ?? false
                }
            guard !isTracked else { return nil }
            return Remark(
                router.place(),
                "nothing looks at HAProxy for \(router.name): where it dies, the address stays on that host",
                "Add a `vrrp_script` that fails where HAProxy does not answer, and name it in `track_script`.")
        }
    }

    private static func slowIntervals(_ subject: LintSubject) -> [Remark] {
        guard let promise = subject.promise else { return [] }
        return subject.balancers.flatMap(\.routers).compactMap { router in
            let settings = router.settings
            let down = settings.version.masterDownInterval(
                priority: settings.priority, masterInterval: settings.advertisementInterval
            ).begunMilliseconds
            guard down > promise else { return nil }
            return Remark(
                router.place("advert_int"),
                "\(router.balancer.name) takes \(router.name) over \(Notation.duration(down)) after its holder's death; "
                    + "\(Notation.duration(promise)) are promised",
                "Write `advert_int 1`.")
        }
    }
}
