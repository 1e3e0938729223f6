import Inventory
import Texts
import VRRP
import YAMLReading

/// What is wrong with the checks that keepalived runs.
extension Rule {
    static let checks = [
        Rule(
            "HV201", .error, Explanation("A check script that always ends with 0", "检查脚本总以 0 结束"),
            Explanation(
                "keepalived goes by a script's exit status, which is that of its last command. Where that is one that never "
                    + "fails, such as `echo` or what stands behind `then`, the check never fails either, whatever it found. "
                    + "End with `exit 1` where HAProxy is not well.",
                "keepalived 只看脚本的退出码,即最后一条命令的退出码。最后一条若是 `echo` 之类从不失败的命令,检查就永不失败。HAProxy 不正常时要 `exit 1`。"),
            wrong: "if ! curl -fs http://127.0.0.1/; then\n    echo down\nfi",
            right: "curl -fs -m 1 -o /dev/null http://127.0.0.1/ || exit 1",
            judge: { subject in
                subject.shells.compactMap { script, text in
                    guard let last = text.endlessSuccess, text.print == nil, text.stopsKeepalived == nil else {
                        return nil
                    }
                    return Remark(
                        script.place(last.line),
                        "the script ends with 0 whatever it finds, as its last command does: the check never fails",
                        "End with `exit 1` where HAProxy is not well.")
                }
            }),
        Rule(
            "HV202", .error,
            Explanation("A check script that prints its result instead of exiting with it", "检查脚本只打印结果而不以它退出"),
            Explanation(
                "keepalived reads nothing of what a script prints; only its exit status counts. `echo 1` or `| wc -l` ends with "
                    + "0, so that the check is always well.",
                "keepalived 不看脚本打印的内容,只看退出码。`echo 1` 或 `| wc -l` 以 0 结束,检查就永远正常。"),
            wrong: "ps -C haproxy --no-header | wc -l", right: "pidof haproxy >/dev/null || exit 1",
            judge: { subject in
                subject.shells.compactMap { script, text in
                    guard !text.canFail, text.stopsKeepalived == nil, let print = text.print else { return nil }
                    return Remark(
                        script.place(print.line),
                        "the result is printed, and the script ends with 0: keepalived never learns of it",
                        "Write `exit 0` and `exit 1` instead.")
                }
            }),
        Rule(
            "HV203", .error, Explanation("A check script that others can write", "别人可写的检查脚本"),
            Explanation(
                "keepalived runs it as root: whoever can write it is root within seconds. With `enable_script_security` "
                    + "keepalived refuses to run it instead, and HAProxy's death moves nothing.",
                "keepalived 以 root 运行它:谁能写它,谁几秒内就是 root。写了 `enable_script_security`,keepalived 则拒绝运行,HAProxy 死了地址也不动。"),
            wrong: "-rwxrwxrwx root root chk_haproxy.sh", right: "-rwxr-xr-x root root chk_haproxy.sh",
            judge: { subject in
                subject.checkScripts.compactMap { script in
                    guard let mode = script.mode, mode & 0o022 != 0 else { return nil }
                    return Remark(
                        script.place(1), "others than its owner can write this script, which runs as root",
                        "`chmod 755` it, and let root own it and the folders above it.")
                }
            }),
        Rule(
            "HV204", .error, Explanation("A check script that cannot be executed", "不可执行的检查脚本"),
            Explanation(
                "keepalived runs the file itself, not a shell with it. Without the permission to execute it the check fails "
                    + "everywhere, or is left out, by the version.",
                "keepalived 直接运行这个文件,而不是交给 shell。没有执行权限,检查就处处失败,或被略过,因版本而异。"),
            wrong: "-rw-r--r-- root root chk_haproxy.sh", right: "-rwxr-xr-x root root chk_haproxy.sh",
            judge: { subject in
                subject.checkScripts.compactMap { script in
                    guard let mode = script.mode, mode & 0o111 == 0 else { return nil }
                    return Remark(script.place(1), "this script has no permission to be executed", "`chmod 755` it.")
                }
            }),
        Rule(
            "HV205", .warning,
            Explanation("HAProxy's death is noticed later than was promised", "发现 HAProxy 死亡的时间超过承诺"),
            Explanation(
                "From HAProxy's death up to `interval` × `fall` pass until its check has failed often enough, then the takeover "
                    + "itself. A check that hangs counts as failed after its `timeout`, by default one interval. The promised "
                    + "time is that of `--promise`, 10 s unless said.",
                "从 HAProxy 死亡到检查失败次数达到要求,最多是 `interval` × `fall`,再加接管本身。检查挂住时要等到 `timeout`(默认一个间隔)才算失败。承诺的时间由 `--promise` 给出,默认 10 秒。"
            ),
            wrong: "interval 10\nfall 3", right: "interval 2\nfall 2", judge: slowChecks),
        Rule(
            "HV206", .error,
            Explanation("A search for a process that something else satisfies", "别的进程也能满足的进程检查"),
            Explanation(
                "`ps | grep haproxy` finds the grep; `pgrep -f haproxy` and `pgrep haproxy` find wrappers, editors and the "
                    + "check script itself; a wrapper or a container lives on where the HAProxy inside is dead. Ask for the exact "
                    + "name, or better for an answer.",
                "`ps | grep haproxy` 会找到 grep 自己;`pgrep -f haproxy`、`pgrep haproxy` 会找到包装程序、编辑器甚至检查脚本本身;HAProxy 死了,包装程序或容器仍在。应检查准确的名字,最好检查是否应答。"
            ),
            wrong: "pgrep -f haproxy", right: "pgrep -x haproxy", judge: looseSearches),
        Rule(
            "HV207", .warning, Explanation("A check script that stops keepalived", "会停掉 keepalived 的检查脚本"),
            Explanation(
                "The address moves when keepalived stops, once. Nothing starts it again when HAProxy is well: the host is no "
                    + "standby any more, and the next failure is an outage. Let the script end with 1 instead.",
                "keepalived 停止时地址确实会漂移,但只有这一次。HAProxy 恢复后没有谁再启动它:主机不再是备机,下一次故障就是停机。让脚本以 1 结束即可。"),
            wrong: "systemctl stop keepalived", right: "exit 1",
            judge: { subject in
                subject.shells.compactMap { script, text in
                    guard let stop = text.stopsKeepalived else { return nil }
                    return Remark(
                        script.place(stop.line),
                        "the check stops keepalived: when HAProxy is well again, this host is still no standby",
                        "Write `exit 1`: a check without a weight gives the address up, and the host comes back by itself."
                    )
                }
            }),
        Rule(
            "HV208", .error, Explanation("keepalived runs only the first word", "keepalived 只运行第一个词"),
            Explanation(
                "A command with arguments has to stand in quotes. Without them keepalived runs its first word alone, which "
                    + "fails always or never.",
                "带参数的命令必须加引号,否则 keepalived 只运行第一个词,结果总是失败或从不失败。"),
            wrong: "script killall -0 haproxy", right: "script \"/usr/bin/killall -0 haproxy\"",
            judge: { $0.remarks(.unquotedCommand, "Put the whole command into double quotes.") }),
        Rule(
            "HV209", .warning, Explanation("A check script that sleeps longer than it may run", "检查脚本睡眠超过时限"),
            Explanation(
                "A run that takes longer than `timeout` (by default the interval) is ended by keepalived and counts as failed, "
                    + "or as not yet done, by the version. A script that restarts HAProxy and sleeps never gets to see whether "
                    + "that helped.",
                "一次检查超过 `timeout`(默认等于间隔),keepalived 就结束它并算作失败,或算作未完成,因版本而异。脚本重启 HAProxy 后睡眠,就等不到结果。"),
            wrong: "interval 2        # the script has `sleep 10`", right: "interval 2\ntimeout 15", judge: sleepers),
        Rule(
            "HV210", .warning, Explanation("A check by a user that may not signal HAProxy", "无权向 HAProxy 发信号的用户"),
            Explanation(
                "`killall -0`, `kill -0` and `pkill -0` fail where the user may not signal the process: then HAProxy counts as "
                    + "dead on every balancer, and no one holds the address. With `script_user` or `user` other than root such "
                    + "a check fails; `pidof` or a question over HTTP does not.",
                "`killall -0`、`kill -0`、`pkill -0` 在无权发信号时失败:每台都认为 HAProxy 死了,没有谁持有地址。`script_user` 或 `user` 不是 root 时就会这样;用 `pidof` 或 HTTP 询问则不会。"
            ),
            wrong: "script_user nobody\nscript \"/usr/bin/killall -0 haproxy\"", right: "script_user root",
            judge: signals),
    ]

    private static func slowChecks(_ subject: LintSubject) -> [Remark] {
        guard let promise = subject.promise else { return [] }
        return SharedRouter.all(of: subject).flatMap { shared in
            shared.members.flatMap { router in
                router.checks.compactMap { check -> Remark? in
                    let others = shared.members.filter { $0.balancer.name != router.balancer.name }
                    guard let takeover = WorstCase.takeover(of: router, failing: check, others: others) else {
                        return nil
                    }
                    let whole = check.seesDeathWithin + takeover
                    guard whole > promise, let script = check.script else { return nil }
                    return Remark(
                        router.keepalived.place("vrrp_script", script.name, "interval"),
                        "`\(check.name)` sees a dead HAProxy after up to \(Notation.duration(check.seesDeathWithin)), and "
                            + "clients are served again after \(Notation.duration(whole)); "
                            + "\(Notation.duration(promise)) are promised",
                        "Lower `interval` or `fall`.")
                }
            }
        }
    }

    private static func looseSearches(_ subject: LintSubject) -> [Remark] {
        let remedy = "Ask for the exact name (`pidof haproxy`, `killall -0 haproxy`), or better over HTTP."
        let scripts = subject.shells.compactMap { script, text in
            text.looseSearch.map { Remark(script.place($0.command.line), $0.why, remedy) }
        }
        return scripts
            + subject.scriptDefinitions.compactMap { keepalived, script in
                LooseSearch.why(script.command.joined(separator: " ")).map {
                    Remark(keepalived.place("vrrp_script", script.name, "script"), $0, remedy)
                }
            }
    }

    private static func sleepers(_ subject: LintSubject) -> [Remark] {
        subject.balancers.flatMap { balancer -> [Remark] in
            guard let keepalived = balancer.keepalived else { return [] }
            return keepalived.result.configuration.scripts.compactMap { definition in
                guard let path = definition.command.first, let script = balancer.scripts[path] else { return nil }
                let sleeps = ShellText(script.text).sleeps
                let timeout = (definition.timeout ?? definition.interval ?? .seconds(1)).wholeMilliseconds
                guard sleeps.total > timeout else { return nil }
                return Remark(
                    script.place(sleeps.line),
                    "the script sleeps \(Notation.duration(sleeps.total)), and keepalived ends it after "
                        + Notation.duration(timeout),
                    "Write a `timeout` that is longer than the script may take.")
            }
        }
    }

    private static func signals(_ subject: LintSubject) -> [Remark] {
        subject.scriptDefinitions.compactMap { keepalived, script in
            let global = keepalived.result.configuration.global.scriptUser
            let text = subject.balancers.first { $0.keepalived?.file == keepalived.file }?.scripts[script.command[0]]?
                .text
            guard let user = script.user ?? global, !["root", "haproxy"].contains(user.user),
                ShellText(text ?? script.command.joined(separator: " ")).asksBySignal
            else { return nil }
            return Remark(
                keepalived.place("vrrp_script", script.name, "script"),
                "`\(user.user)` may not signal HAProxy: this check fails on every balancer, and nobody holds the address",
                "Write `script_user root` and `enable_script_security`, or use `pidof haproxy`.")
        }
    }
}

extension LintSubject {
    /// Every check script whose text is known.
    var checkScripts: [Script] {
        balancers.flatMap { balancer in balancer.scripts.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Those of a shell.
    var shells: [(Script, ShellText)] {
        checkScripts.filter { script in
            let first = script.text.split(separator: "\n").first ?? ""
            return !first.hasPrefix("#!") || first.contains("sh")
        }.map { ($0, ShellText($0.text)) }
    }

    var scriptDefinitions: [(Keepalived, ScriptDefinition)] {
        keepaliveds.flatMap { keepalived in
            keepalived.result.configuration.scripts.filter { !$0.command.isEmpty }.map { (keepalived, $0) }
        }
    }
}

extension LintSubject.Script {
    func place(_ line: Int) -> Finding.Place { Finding.Place(file: file, line: line) }
}
