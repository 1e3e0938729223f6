import Foundation
import Inventory
import PlanningSamples
import Testing
import YAMLReading

@testable import Planning
@testable import Planning
@testable import Provisioning

@Suite("Faults in playbooks are named with their place, all at once")
struct PlaybookTests {
    private static let names = ResourceKinds.all.map { $0.kind }
    private static let kinds = names.joined(separator: ", ")
    private static let choice =
        names.dropLast().map { "`\($0)`" }.joined(separator: ", ") + " or `\(names.last ?? "")`"

    @Test(arguments: [
        (
            "",
            """
            b.yml:1:1: error: the playbook is empty
                Copy balancer.yml from the folder that haprov comes with, and change the copy.
            """
        ),
        (
            "- a\n",
            """
            b.yml:1:1: error: the file has to be a mapping; found a list
                Write these keys below it: description, prepare, rollout.
            """
        ),
        (
            "prepare:\nroll_out: []\n",
            """
            b.yml:2:1: error: unknown key `roll_out` at the top level
                Did you mean `rollout`?
            """
        ),
        (
            "rollout: { a: b }\n",
            """
            b.yml:1:1: error: `rollout` has to be a list of steps; found a mapping
                Begin each with `- `: `- package: { names: psmisc }`.
            """
        ),
        (
            "rollout:\n  - package\n",
            """
            b.yml:2:5: error: a step has to be a kind with its fields; found `package`
                Write `- package: { names: psmisc }`.
            """
        ),
        (
            "rollout:\n  - packages: { names: a }\n  - zzz: { names: a }\n",
            """
            b.yml:2:5: error: unknown kind `packages`
                Did you mean `package`?
            b.yml:3:5: error: unknown kind `zzz`
                Kinds are \(kinds).
            """
        ),
        (
            "rollout:\n  - { when: x }\n",
            """
            b.yml:2:5: error: this step has no kind
                Write one with its fields: \(choice).
            """
        ),
        (
            "rollout:\n  - package: { names: a }\n    file: { path: /x }\n    wen: yes\n    names: b\n",
            """
            b.yml:3:5: error: `file` stands in the step of `package`
                Begin a step of its own with `- file:`.
            b.yml:4:5: error: unknown key `wen` in a step
                Did you mean `when`?
            b.yml:5:5: error: `names` stands beside `package`, not below it
                Indent the fields of `package` further than `package` itself.
            """
        ),
        (
            "rollout:\n  - package: a b\n  - health:\n  - user: { name: a }\n    when: [a]\n",
            """
            b.yml:2:14: error: `package` has to be a mapping of fields; found `a b`
                Write its fields below it: Playbooks/README.md lists them.
            b.yml:3:5: error: `health` has to be a mapping of fields; found nothing
                Write its fields below it: Playbooks/README.md lists them.
            b.yml:5:5: error: `when` has to be a text; found a list
                Write `when: "{{#vip.unicast}}yes{{/vip.unicast}}"`: the step is left out where that is empty.
            """
        ),
        (
            "rollout:\n  - file: { path: { a: b } }\n",
            """
            b.yml:2:19: error: `path` has to be a text or a list of texts; found a mapping
                Put it in quotes where it is meant as a text: `{` begins a mapping in YAML.
            """
        ),
        (
            "rollout:\n  - file: { path: /a, path: /b }\n  - file: { mode: a, mode: b }\n",
            """
            b.yml:2:23: error: the key `path` was given before, on line 2
                Keep one of the two.
            b.yml:3:22: error: the key `mode` was given before, on line 3
                Keep one of the two.
            """
        ),
        (
            "rollout:\n  - file: [\n",
            """
            b.yml:3:1: error: this is not YAML: while parsing a flow node, did not find expected node content
                Correct the YAML there: indentation is by spaces, and a value with special characters is quoted.
            """
        ),
    ])
    func form(text: String, faults: String) {
        #expect(Playbook(text, file: "b.yml").faults.map(\.description).joined(separator: "\n") == faults)
    }

    @Test func reading() {
        let book = Playbook(
            "description: d\nrollout:\n  - service: { name: x, unit: /u, reload_on: [a b, c] }\n    when: yes please\n",
            file: "b.yml")
        #expect(book.faults.isEmpty && book.prepare.isEmpty && book.rollout.count == 1)
        #expect(book.rollout[0].kind == "service" && book.rollout[0].when?.value == "yes please")
        #expect(book.rollout[0].fields.map(\.name) == ["name", "unit", "reload_on"])
        #expect(book.rollout[0].fields.map { $0.texts.map(\.value) } == [["x"], ["/u"], ["a b", "c"]])
        #expect(book.rollout[0].fields[2].texts.map(\.place.column) == [47, 52])
        #expect(book.rollout[0].place == SourcePlace(line: 3, column: 5))
    }

    /// The fields stand on line 4 and below it, in the order of their names: names in column 7, values in column 9.
    @Test(
        arguments: [
            ("file", ["content": "x"], "3:5: `path` of `file` is missing"),
            ("file", ["path": ""], "4:9: `path` of `file` is empty"),
            (
                "file", ["path": "etc/x"],
                "4:9: `path` must be an absolute path without `.`, `..`, `//` or quotes, not `etc/x`"
            ),
            ("file", ["path": "/"], "4:9: `path` must be an absolute path without `.`, `..`, `//` or quotes, not `/`"),
            (
                "file", ["path": "/a/../b"],
                "4:9: `path` must be an absolute path without `.`, `..`, `//` or quotes, not `/a/../b`"
            ),
            (
                "file", ["path": "/a//b"],
                "4:9: `path` must be an absolute path without `.`, `..`, `//` or quotes, not `/a//b`"
            ),
            (
                "file", ["path": "/a/"],
                "4:9: `path` must be an absolute path without `.`, `..`, `//` or quotes, not `/a/`"
            ),
            ("file", ["path": "/a\nb"], "4:9: `path` must be a single line without tabs"),
            ("file", ["path": "/a\r\nb"], "4:9: `path` must be a single line without tabs"),
            ("file", ["path": "/a\tb"], "4:9: `path` must be a single line without tabs"),
            (
                "file", ["mode": "644", "path": "/a"],
                "4:9: `mode` must be four octal digits in quotes, such as \"0644\", not `644`"
            ),
            (
                "file", ["mode": "0888", "path": "/a"],
                "4:9: `mode` must be four octal digits in quotes, such as \"0644\", not `0888`"
            ),
            ("file", ["contents": "x", "path": "/a"], "4:7: unknown field `contents` of `file`"),
            (
                "file", ["check": "x 'y'", "path": "/a"],
                "4:9: `check` is a command and its arguments, without quotes or other shell signs"
            ),
            ("template", ["path": "/a", "source": "t"], ""),
            ("package", ["names": "a -y"], "4:9: `-y` is not a package's name"),
            ("package", ["names": "a;b"], "4:9: `a;b` is not a package's name"),
            ("firewall", ["ports": "80"], "4:9: `80` is not a port with its protocol"),
            ("firewall", ["protocols": "vrrp\" accept"], "4:9: `vrrp\"` is not a protocol's name"),
            ("service", ["name": "a b", "unit": "/u"], "4:9: `a b` is not a unit's name"),
            (
                "service", ["enabled": "on", "name": "a", "unit": "/u"],
                "4:9: `enabled` must be true or false, not `on`"
            ),
            (
                "sysctl", ["key": "../../etc", "value": "1"],
                "4:9: `../../etc` is not a sysctl's name"
            ),
            (
                "sysctl", ["key": "a/b", "value": "1"],
                "4:9: `a/b` is not a sysctl's name"
            ),
            ("health", [:], "3:5: a health step needs `script`, `unit` or `port: ADDRESS:PORT`"),
            ("health", ["expect": "maybe", "script": "x"], "4:9: `expect` must be succeeds or fails, not `maybe`"),
            ("link", ["path": "/a"], "3:5: `target` of `link` is missing"),
            ("archive", ["product": "x"], "3:5: `prefix` of `archive` is missing"),
            ("user", ["group": "y", "name": "x"], "4:7: unknown field `group` of `user`"),
            ("template", ["path": "/a", "source": "tt"], "5:9: there is no template `tt`"),
            ("health", ["expect": "x", "unit": "a\tb"], "4:9: `expect` must|5:9: `unit` must be a single line"),
            ("service", ["enabled": "x", "name": "a b", "unit": "u"], "4:9: `enabled`|5:9: `a b` is|6:9: `unit` must"),
            // All at once; a field that is meant by a misspelt one is not missing too.
            ("file", ["mode": "7", "pahts": "/a"], "4:9: `mode` must be four|5:7: unknown field `pahts`"),
            (
                "archive", ["prefix": "x", "zzz": ""],
                "3:5: `product` of|4:9: `prefix` must be|5:7: unknown field `zzz`"
            ),
        ] as [(String, [String: String], String)])
    func fields(kind: String, fields: [String: String], messages: String) throws {
        let cluster = try Samples.cluster()
        let host = try Samples.host(in: cluster)
        var found: [Diagnostic] = []
        do throws(PlaybookError) {
            _ = try Samples.resource(kind, fields, cluster: cluster, host: host, templates: ["t": ""])
        } catch { found = error.faults }
        let expected = messages.split(separator: "|")
        #expect(found.count == expected.count, "\(found)")
        for (fault, text) in zip(found, expected) {
            #expect("\(fault.line):\(fault.column): \(fault.message)".hasPrefix(text))
            #expect(fault.file == "p.yml" && fault.severity == .error && !fault.remedy.isEmpty)
        }
    }

    private func resources(
        _ book: String, _ templates: [String: String] = [:], _ edit: (inout Cluster) -> Void = { _ in }
    ) throws -> HostResources {
        let scratch = try ScratchFolder()
        try scratch.write(book, to: "balancer.yml")
        for (name, text) in templates { try scratch.write(text, to: name) }
        let cluster = try Samples.cluster(edit)
        let host = try Samples.host(in: cluster)
        return try PlaybookFolder(path: scratch.path, over: Samples.playbooks()).resources(
            for: host,
            context: TemplateContext(cluster: cluster, host: host, passwords: [:], packages: [:]))
    }

    /// What is wrong, without the folder's path.
    private func faults(_ book: String, _ templates: [String: String] = [:]) throws -> [String] {
        let error = try #require(throws: PlaybookError.self) { try resources(book, templates) }
        return error.faults.map { fault in
            let file = fault.file.split(separator: "/").last ?? ""
            return "\(file):\(fault.line):\(fault.column): \(fault.message) | \(fault.remedy)"
        }
    }

    @Test("A fault in one step or field hides none of the others")
    func allAtOnce() throws {
        let book = """
            prepare:
              - package: { nmes: a }
            rollout:
              - file:
                  path: etc/x
                  mode: "644"
                  contents: x
              - packages: { names: a }
              - directory: { path: "{{haproxy.prefx}}/{{vip.prefix}}" }
                when: "{{#vip.unicast}}yes{{/vip.unicast}}"
              - link:
                  path: /x
                  target: "{{1,2}}"
              - template: { path: /x, source: t.mustache, mode: a }
            """
        let found = try faults(book, ["t.mustache": "a\n{{nam}} {{/x}}\n"])
        let expected = [
            "balancer.yml:2:16: unknown field `nmes` of `package` | Did you mean `names`?",
            "balancer.yml:5:13: `path` must be an absolute path",
            "balancer.yml:6:13: `mode` must be four octal digits",
            "balancer.yml:7:7: unknown field `contents` of `file` | Did you mean `content`?",
            "balancer.yml:8:5: unknown kind `packages` | Did you mean `package`?",
            "balancer.yml:9:25: `haproxy` has no `prefx` | Did you mean `haproxy.prefix`?",
            "balancer.yml:9:43: `vip` has no `prefix` | Did you mean `haproxy.prefix` or `keepalived.prefix`?",
            "balancer.yml:13:16: `{{1,2}}` is no value's name: `,` cannot stand in one | Write a value's name",
            "balancer.yml:14:53: `mode` must be four octal digits",
            "t.mustache:2:1: there is no value `nam` here | ",
            "t.mustache:2:9: `{{/x}}` closes no section | Remove it, or open the section before it: `{{#x}}`.",
        ]
        #expect(found.count == expected.count, "\(found.joined(separator: "\n"))")
        for (fault, text) in zip(found, expected) { #expect(fault.hasPrefix(text)) }
    }

    @Test("A place within a text is one in the file, as far as the text stands there as it reads")
    func placesWithinTexts() throws {
        let book = """
            rollout:
              - file:
                  path: /x{{a}}
                  owner: '/x{{a}}'
                  group: "\\x2f{{a}}"
                  content: |
                    one
                      {{a}}
            """
        let places = try faults(book).map { $0.prefix { $0 != " " } }
        #expect(places == ["balancer.yml:3:15:", "balancer.yml:4:17:", "balancer.yml:5:14:", "balancer.yml:8:11:"])
    }

    @Test func templates() throws {
        let step = "rollout:\n  - template: { path: /x, source: t.mustache }\n"
        #expect(
            try faults(step).first?.hasPrefix("balancer.yml:2:35: there is no template `t.mustache` | Put it") == true)
        #expect(try faults(step, ["tt.mustache": ""]).first?.hasSuffix(" | Did you mean `tt.mustache`?") == true)
        let good = try resources(step, ["t.mustache": "{{host.name}} & \"<{{vip.cidr}}>\""])
        let template = try #require(good.rollout.first as? TemplateResource)
        #expect(String(decoding: template.content, as: UTF8.self) == "haproxy1 & \"<172.16.122.100/24>\"")
    }

    @Test("A kind reads the fields that it declares, and no others", arguments: ResourceKinds.all.map { $0.kind })
    func declarations(kind: String) throws {
        let type = try #require(ResourceKinds.named(kind))
        let cluster = try Samples.cluster()
        let host = try Samples.host(in: cluster)
        let fields = Fields([], of: type, file: "p.yml", place: .start)
        let values = TemplateContext(cluster: cluster, host: host, passwords: [:], packages: [:])
        _ = try? type.init(fields, context: ResourceContext(host: host, values: values, templates: [:]))
        #expect(Set(fields.asked) == Set(type.fields.map(\.name)) && fields.asked.count == type.fields.count)
    }

    @Test("A step whose `when` renders to nothing is left out")
    func when() throws {
        let book = """
            prepare:
              - package: { names: a }
                when: "{{#vip.unicast}}yes{{/vip.unicast}}"
              - package: { names: b }
                when: "{{#vip.preempt}}yes{{/vip.preempt}}"
              - package: { names: c }
                when:
            """
        #expect(try resources(book).packages == ["b"])
    }

    @Test("A folder may have only what is to differ")
    func overlay() throws {
        let cluster = try Samples.cluster()
        let host = try Samples.host(in: cluster)
        let shipped = try Samples.playbooks()
        let scratch = try ScratchFolder()
        let context = TemplateContext(cluster: cluster, host: host, passwords: [:], packages: [:])
        func unit(_ folder: PlaybookFolder) throws -> String? {
            let texts = try folder.resources(for: host, context: context).all.compactMap { $0 as? any TextResource }
            return texts.first { $0.target.path.hasSuffix("/haproxy.service") }
                .map { String(decoding: $0.content, as: UTF8.self) }
        }
        try scratch.write("mine for {{host.name}}\n", to: "mine/haproxy.service.mustache")
        let mine = try PlaybookFolder(path: scratch.path + "/mine", over: shipped)
        #expect(try unit(mine) == "mine for haproxy1\n" && mine.text != shipped.text)
        let (all, usual) = (
            try mine.resources(for: host, context: context).all, try shipped.resources(for: host, context: context).all
        )
        #expect(all.count == usual.count)
        try scratch.write("rollout:\n  - template: { source: own.mustache, path: /etc/own }\n", to: "own/balancer.yml")
        try scratch.write("x", to: "own/own.mustache")
        let own = try PlaybookFolder(path: scratch.path + "/own", over: shipped)
        #expect(try own.resources(for: host, context: context).all.count == 1)
    }

    @Test("What takes nothing's place is a slip")
    func overlayFaults() throws {
        let shipped = try Samples.playbooks()
        let scratch = try ScratchFolder()
        try scratch.write("", to: "empty/notes.txt")
        try scratch.write("", to: "slip/haproxy.services.mustache")
        func faults(_ name: String) throws -> [String] {
            try #require(throws: PlaybookError.self) {
                try PlaybookFolder(path: "\(scratch.path)/\(name)", over: shipped)
            }
            .faults.map { "\($0.message) | \($0.remedy)" }
        }
        #expect(
            try faults("empty") == [
                "the folder has neither balancer.yml nor a template | Put what is to differ there: `haprov playbooks export "
                    + "DIR` writes all files out."
            ])
        #expect(try faults("slip") == ["no playbook uses this template | Did you mean `haproxy.service.mustache`?"])
        #expect(try faults("none").first?.hasPrefix("the folder has neither") == true)
    }
}
