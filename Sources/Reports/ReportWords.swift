import Texts

/// What a report says, in one language.
struct ReportWords {
    var language: String
    var title: String
    var passed: String
    var failed: String
    var notRun: String
    var cluster: String
    var engine: String
    var ended: String
    var by: String
    var version: String
    var fingerprint: String
    var balancers: String
    var hypothesis: String
    var blastRadius: String
    var figure: String
    var value: String
    var limit: String
    var vipMoved: String
    var clientGap: String
    var returnGap: String
    var requests: String
    var withoutAnswer: String
    var given: String
    var yes: String
    var no: String
    var whole: String
    var closely: String
    var `return`: String
    var events: String
    var logs: String
    var notes: String
    var problems: String
    var skipped: String
    var never: String
    var stayed: String
    var broken: String
    var gained: String
    var lost: String
    var returned: String
    var resolution: String
    var foot: String

    static func `in`(_ language: Explanation.Language) -> ReportWords {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }

    /// A time from the deed as an axis has it.
    func time(_ milliseconds: Int) -> String {
        if abs(milliseconds) < 1000 { return "\(milliseconds) ms" }
        let tenths = abs(milliseconds) / 100
        let text = tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        return "\(milliseconds < 0 ? "-" : "")\(text) s"
    }

    private static let english = ReportWords(
        language: "en", title: "Failover proof", passed: "passed", failed: "failed", notRun: "not run",
        cluster: "Cluster", engine: "VRRP", ended: "Ended", by: "Run by", version: "haprov",
        fingerprint: "Fingerprint of the configuration", balancers: "Balancers", hypothesis: "Expected",
        blastRadius: "Who notices", figure: "Figure", value: "Measured", limit: "Limit", vipMoved: "VIP moved",
        clientGap: "Longest gap for clients", returnGap: "Longest gap on return", requests: "Requests",
        withoutAnswer: "without a good answer", given: "Put back", yes: "yes", no: "no", whole: "The whole drill",
        closely: "The VIP moves", return: "The VIP returns", events: "What happened", logs: "Logs of the hosts",
        notes: "Worth knowing", problems: "What was wrong", skipped: "Not run", never: "never", stayed: "stayed on",
        broken: "is broken", gained: "holds", lost: "no longer holds", returned: "is given back",
        resolution: "one every", foot: "Times are milliseconds from the moment at which the drill broke something.")

    private static let chinese = ReportWords(
        language: "zh-CN", title: "故障切换证明", passed: "通过", failed: "未通过", notRun: "未执行", cluster: "集群",
        engine: "VRRP", ended: "结束时间", by: "执行人", version: "haprov", fingerprint: "配置指纹", balancers: "负载均衡主机",
        hypothesis: "预期", blastRadius: "影响范围", figure: "指标", value: "实测", limit: "上限", vipMoved: "VIP 切换",
        clientGap: "客户端最长中断", returnGap: "切回时最长中断", requests: "请求数", withoutAnswer: "次没有得到正常应答", given: "已恢复",
        yes: "是", no: "否", whole: "演练全程", closely: "VIP 切走", return: "VIP 切回", events: "经过", logs: "主机日志",
        notes: "说明", problems: "问题", skipped: "未执行的演练", never: "始终没有", stayed: "一直在", broken: "被破坏", gained: "持有",
        lost: "不再持有", returned: "被恢复", resolution: "每次间隔", foot: "时间从演练破坏的那一刻算起,单位毫秒。")
}
