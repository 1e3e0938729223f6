import Inventory
import PlanningSamples
import Testing
import YAMLReading

@testable import Planning

@Suite("Faults of templates")
struct TemplateFaultTests {
    /// `line:column: message | remedy`, one a line.
    private func found(_ text: String) -> String {
        faults(text).map { "\($0.place.line):\($0.place.column): \($0.message) | \($0.remedy)" }
            .joined(separator: "\n")
    }

    private func faults(_ text: String, _ edit: (inout Cluster) -> Void = { _ in }) -> [TemplateFault] {
        guard let cluster = try? Samples.cluster(edit), let host = try? Samples.host(in: cluster) else { return [] }
        return TemplateContext(cluster: cluster, host: host, passwords: [:], packages: [:]).faults(in: text)
    }

    @Test("The inventory's own values are known by name")
    func ownValues() {
        let text = "{{vars.site}} {{secrets.stats}} {{vars.sites}}"
        let found = faults(text) {
            $0.variables = ["site": "a"]
            $0.secrets = ["stats": .text("b")]
        }
        #expect(found.map(\.message) == ["`vars` has no `sites`"])
        #expect(found.first?.remedy == "Did you mean `vars.site`?")
    }

    @Test(
        "What stands for something passes",
        arguments: [
            "no tags at all {", "{{vip.address}}", "{{ vip.address }}", "{{{vip.address}}}", "{{&vip.address}}",
            "{{#haproxy.frontends}}{{port}} {{name}} {{cluster}} {{vip.cidr}}{{/haproxy.frontends}}",
            "{{#haproxy.backends}}{{#http}}{{name}}{{/http}}{{#servers}}{{address}}:{{port}}{{/servers}}{{/haproxy.backends}}",
            "{{^vip.unicast}}{{host.name}}{{/vip.unicast}}", "{{^peers}}{{host.name}}{{/peers}}",
            "{{#vip}}{{address}} {{#preempt}}{{.address}}{{/preempt}}{{/vip}}",
            "{{#cluster}}{{.}}{{/cluster}}", "{{vip.preempt}}", "{{! any, thing }}{{cluster}}",
            "{{#peers}}{{name}}{{^last()}}, {{/last()}}{{/peers}} {{count(peers)}} {{uppercased(cluster)}}",
            "{{#reversed(peers)}}{{name}}{{index()}}{{/reversed(peers)}}",
            "{{=<% %>=}}{{1,2}} <%cluster%> <%={{ }}=%>{{cluster}}", "{{% CONTENT_TYPE: TEXT }}{{cluster}}",
            "{{#vip.unicast}}\n{{# vip.preempt }}x{{/vip.preempt}}\n{{/ vip.unicast }}\n", "{{\n cluster\n}}",
            "}} {{cluster}} }",
        ])
    func sound(text: String) { #expect(found(text) == "") }

    @Test(
        "A name is looked for along its path, in the sections around it",
        arguments: [
            ("{{vip.prefix}}", "1:1: `vip` has no `prefix` | Did you mean `haproxy.prefix` or `keepalived.prefix`?"),
            ("a\n  {{vip.adress}}", "2:3: `vip` has no `adress` | Did you mean `vip.address`?"),
            ("{{vpi.address}}", "1:1: there is no value `vpi` here | Did you mean `vip.address`?"),
            ("{{interface}}", "1:1: there is no value `interface` here | Did you mean `host.interface`?"),
            (
                "{{health_address}}",
                "1:1: there is no value `health_address` here | `health_address` is known within `{{#haproxy.frontends}}`."
            ),
            (
                "{{#haproxy.frontends}}{{prot}}{{/haproxy.frontends}}",
                "1:23: there is no value `prot` here | Did you mean `port`?"
            ),
            (
                "{{#haproxy.frontends}}{{port}}{{/haproxy.frontends}}{{port}}",
                "1:53: there is no value `port` here | `port` is known within `{{#haproxy.ports}}`, `{{#haproxy.frontends}}` or `{{#haproxy.backends}}{{#servers}}`."
            ),
            (
                "{{^haproxy.frontends}}{{bind}}{{/haproxy.frontends}}",
                "1:23: there is no value `bind` here | `bind` is known within `{{#haproxy.frontends}}`."
            ),
            (
                "{{#vip.unicast}}{{address}}{{/vip.unicast}}",
                "1:17: there is no value `address` here | Did you mean `host.address` or `vip.address`?"
            ),
            ("{{#vip}}{{.cluster}}{{/vip}}", "1:9: there is no value `cluster` here | Did you mean `cluster`?"),
            (
                "{{haproxy.frontends.port}}",
                "1:1: `haproxy.frontends` is a list: `port` is asked of each of its elements | Write `{{#haproxy.frontends}}{{port}}{{/haproxy.frontends}}`."
            ),
            ("{{host.name.first}}", "1:1: `host.name` has no `first` | Write `host.name` alone."),
            (
                "{{peers}}",
                "1:1: `peers` is a list | Write a section, which is repeated for each of its elements: `{{#peers}}{{name}} {{/peers}}`."
            ),
            (
                "{{engine}}",
                "1:1: `engine` is a group of values and cannot be written out | Name one of them: `engine.program`, `engine.keepalived` or `engine.vrrpd`."
            ),
            (
                "{{#engine}}{{.}}{{/engine}}",
                "1:12: `.` is a group of values and cannot be written out | Name one of them: `program`, `keepalived` or `vrrpd`."
            ),
            (
                "{{#nothing}}{{x}}{{/nothing}}{{y-z}}",
                "1:1: there is no value `nothing` here | Known here: cluster, engine, host, platform, instances, sync_groups, vip, peers, health_command, look_command, restart_first, answer, health_port, restart_delay, haproxy, keepalived, secrets, vars. Playbooks/README.md says what they are.\n1:30: there is no value `y-z` here | Known here: cluster, engine, host, platform, instances, sync_groups, vip, peers, health_command, look_command, restart_first, answer, health_port, restart_delay, haproxy, keepalived, secrets, vars. Playbooks/README.md says what they are."
            ),
            (
                "{{last()}}",
                "1:1: `last()` asks for the place in a list, outside of a section over one | Within such a section there are `first()`, `last()`, `index()`, `even()` and `odd()`."
            ),
            (
                "{{lower(cluster)}}",
                "1:1: the function `lower` in `lower(cluster)` makes nothing of this value | Texts know capitalized, lowercased, uppercased, reversed and empty; lists first, last, reversed, count and empty; numbers plusone, minusone, even and odd."
            ),
        ])
    func names(text: String, faults: String) { #expect(found(text) == faults) }

    private static let otherSigns = "choose other signs for tags before it: `{{=<% %>=}}`."
    private static let name =
        "Write a value's name: Playbooks/README.md lists them. Where the text itself is meant to hold `{{`, "
        + otherSigns

    @Test(
        "Syntax is faulted in haprov's words",
        arguments: [
            ("a{1,2} {{1,2}}", "1:8: `{{1,2}}` is no value's name: `,` cannot stand in one | \(name)"),
            ("{{host name}}", "1:1: `{{host name}}` is no value's name: a blank cannot stand in one | \(name)"),
            ("{{ }}", "1:1: `{{ }}` is a tag without a name | \(name)"),
            (
                "{{#vip.unicast}}\nx",
                "1:1: the section `{{#vip.unicast}}` is not closed | Write `{{/vip.unicast}}` where it ends."
            ),
            (
                "{{#vip.unicast}}x{{/vip.preempt}}",
                "1:18: `{{/vip.preempt}}` cannot close `{{#vip.unicast}}` of line 1 | Write `{{/vip.unicast}}`."
            ),
            (
                "{{^vip.unicast}}\n{{#vip.preempt}}x{{/vip.unicast}}",
                "2:1: the section `{{#vip.preempt}}` is not closed | Write `{{/vip.preempt}}` where it ends."
            ),
            (
                "x{{/peers}}",
                "1:2: `{{/peers}}` closes no section | Remove it, or open the section before it: `{{#peers}}`."
            ),
            (
                "{{cluster} and\n{{host.name",
                "1:1: the tag `{{…` is not closed | Write `}}` after its name. Where the text itself holds `{{`, \(otherSigns)\n2:1: the tag `{{…` is not closed | Write `}}` after its name. Where the text itself holds `{{`, \(otherSigns)"
            ),
            (
                "{{{cluster}} x",
                "1:1: `{{{cluster}}` lacks its third brace | Write `{{cluster}}`: nothing is escaped here anyway."
            ),
            (
                "{{#count(peers}}x{{/count(peers}}",
                "1:1: `{{count(peers}}` is no call: its brackets do not match | Write `count(peers)`, or `last()` within a section."
            ),
            (
                "{{> other}}",
                "1:1: `{{> other}}` brings in another template; here each stands by itself | Write its text in the place of the tag."
            ),
            (
                "{{<a}}{{$b}}x{{/b}}{{/a}}{{cluster}}",
                "1:1: `{{<a}}` brings in another template; here each stands by itself | Write its text in the place of the tag.\n1:7: `{{$b}}` brings in another template; here each stands by itself | Write its text in the place of the tag."
            ),
            ("{{=<%=}}", "1:1: `{{=<%=}}` does not name two signs for tags | Write `{{=<% %>=}}`."),
            (
                "{{% X: 1}}",
                "1:1: `{{% X: 1}}` is no setting of a template | Remove it: what is not a web page needs none."
            ),
        ])
    func syntax(text: String, faults: String) { #expect(found(text) == faults) }

    @Test("What only the library minds has a place and a remedy too")
    func library() {
        let faults = faults("{{cluster}}\nx {")
        #expect(faults.map(\.place.line) == [2])
        #expect(faults.allSatisfy { $0.message.hasPrefix("this is no Mustache template") && !$0.remedy.isEmpty })
    }

    @Test("Every value that is declared is one that templates are given", arguments: TemplateTests.variants)
    func everyValue(variant: String) throws {
        let cluster = try TemplateTests.cluster(variant)
        let host = try Samples.host(in: cluster)
        let platform = try #require(EnterpriseLinux(System(id: "centos", version: "7")))
        let context = TemplateContext(
            cluster: cluster, host: host, passwords: [51: "p"], packages: ["haproxy": ["a"]], platform: platform)
        func texts(_ shape: TemplateShape, _ path: String) -> [String] {
            switch shape {
            case .text, .flag, .number: ["<{{\(path)}}>"]
            case .list(let element): ["<{{#\(path)}}"] + texts(element, "") + ["{{/\(path)}}>"]
            case .group(let members): members.flatMap { texts($0.shape, path.isEmpty ? $0.name : "\(path).\($0.name)") }
            case .unknown: []
            }
        }
        let text = texts(TemplateValue.shape(of: TemplateContext.catalogue), "").joined(separator: "\n")
        #expect(found(text) == "")
        let rendered = context.render(text)
        #expect(!rendered.contains("{{") && !rendered.contains("[") && rendered.contains("<web>"))
        let empty = rendered.split(separator: "\n").count { $0 == "<>" }
        // Of a compiled keepalived its packages, of packages their prefixes, and all of keepalived where there is none. Besides one
        // VIP has no sync group, and the second of several no password here.
        // A configuration of the operator's own has no lists of frontends and of backends; a package of HAProxy's beside it no prefix.
        let own = cluster.haproxy.own == nil ? 0 : cluster.haproxy.origin == .tarball ? 2 : 3
        let haproxy = cluster.haproxy
        let lines =
            [haproxy.extra.global, haproxy.extra.defaults] + haproxy.frontends.map(\.extra)
            + haproxy.backends.map(\.extra)
        // One that is not checked has no settings either.
        let checks = haproxy.backends.map { backend in
            switch backend.check.kind {
            case .none: 2
            case .connection: 1
            case .page: 0
            }
        }
        let extra = lines.count(where: \.isEmpty) + checks.reduce(0, +)
        // Nobody adds lines to keepalived.conf here: in none of its four places.
        #expect(empty == 5 + own + extra + (cluster.keepalived.map { $0.origin == .tarball ? 1 : 2 } ?? 4))
    }
}
