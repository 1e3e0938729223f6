import Foundation
import Inventory
import Testing

@testable import Planning
@testable import Provisioning

@Suite("Faults in playbooks are named with their place")
struct PlaybookTests {
    private func error(_ text: String) throws -> String {
        try #require(throws: PlaybookError.self) { try Playbook(text, file: "b.yml") }.description
    }

    private static let kinds =
        "package, user, directory, file, template, link, archive, program, sysctl, firewall, service, health"

    @Test(arguments: [
        ("", "b.yml:1:1: a playbook is a map of stages"),
        ("- a\n", "b.yml:1:1: a playbook is a map of stages"),
        ("prepare: []\nroll_out: []\n", "b.yml:2:1: unknown stage `roll_out`; stages are `prepare` and `rollout`"),
        ("rollout: { a: b }\n", "b.yml:1:10: a stage is a list of steps"),
        ("rollout:\n  - package\n", "b.yml:2:5: a step is a map"),
        (
            "rollout:\n  - packages: { names: a }\n", "b.yml:2:5: unknown kind `packages`; kinds are \(kinds)"
        ),
        (
            "rollout:\n  - { when: x }\n", "b.yml:2:5: unknown kind ``; kinds are \(kinds)"
        ),
        (
            "rollout:\n  - package: { names: a }\n    file: { path: /x }\n",
            "b.yml:3:5: a step is one kind with its fields, and perhaps `when`; found `file` too"
        ),
        (
            "rollout:\n  - package: a b\n",
            "b.yml:2:5: a step is one kind with its fields, and perhaps `when`; found `package` too"
        ),
        ("rollout:\n  - file: { path: { a: b } }\n", "b.yml:2:19: a field holds text or a list of texts"),
    ])
    func form(text: String, message: String) throws { #expect(try error(text) == message) }

    @Test func notYAML() throws { #expect(try error("a: [").hasPrefix("b.yml:1:1: not valid YAML: ")) }

    @Test func reading() throws {
        let book = try Playbook(
            "description: d\nrollout:\n  - service: { name: x, unit: /u, reload_on: [a b, c] }\n    when: yes please\n",
            file: "b.yml")
        #expect(book.prepare.isEmpty && book.rollout.count == 1)
        #expect(book.rollout[0].kind == "service" && book.rollout[0].when == "yes please")
        #expect(book.rollout[0].fields == ["name": "x", "unit": "/u", "reload_on": "a b\nc"])
        #expect(book.rollout[0].place == PlaybookPlace(file: "b.yml", line: 3, column: 5))
    }

    @Test(
        arguments: [
            ("file", ["content": "x"], "`path` is missing or empty"),
            ("file", ["path": ""], "`path` is missing or empty"),
            (
                "file", ["path": "etc/x"],
                "`path` must be an absolute path without `.`, `..`, `//` or quotes, not `etc/x`"
            ),
            ("file", ["path": "/"], "`path` must be an absolute path without `.`, `..`, `//` or quotes, not `/`"),
            (
                "file", ["path": "/a/../b"],
                "`path` must be an absolute path without `.`, `..`, `//` or quotes, not `/a/../b`"
            ),
            (
                "file", ["path": "/a//b"],
                "`path` must be an absolute path without `.`, `..`, `//` or quotes, not `/a//b`"
            ),
            ("file", ["path": "/a/"], "`path` must be an absolute path without `.`, `..`, `//` or quotes, not `/a/`"),
            ("file", ["path": "/a\nb"], "`path` must be a single line without tabs"),
            ("file", ["path": "/a\r\nb"], "`path` must be a single line without tabs"),
            ("file", ["path": "/a\tb"], "`path` must be a single line without tabs"),
            (
                "file", ["path": "/a", "mode": "644"],
                "`mode` must be four octal digits in quotes, such as \"0644\", not `644`"
            ),
            (
                "file", ["path": "/a", "mode": "0888"],
                "`mode` must be four octal digits in quotes, such as \"0644\", not `0888`"
            ),
            ("file", ["path": "/a", "contents": "x"], "unknown field `contents`"),
            (
                "file", ["path": "/a", "check": "x 'y'"],
                "`check` is a command and its arguments, without quotes or other shell signs"
            ),
            ("template", ["path": "/a"], "`source` is missing or empty"),
            ("package", ["names": "a -y"], "`-y` is not a package's name"),
            ("package", ["names": "a;b"], "`a;b` is not a package's name"),
            ("firewall", ["ports": "80"], "a port is written like 80/tcp, not `80`"),
            ("firewall", ["protocols": "vrrp\" accept"], "a protocol is a name of /etc/protocols, not `vrrp\"`"),
            ("service", ["name": "a b", "unit": "/u"], "`a b` is not a unit's name"),
            ("service", ["name": "a", "unit": "/u", "enabled": "on"], "`enabled` must be true or false, not `on`"),
            (
                "sysctl", ["key": "../../etc", "value": "1"],
                "`key` must be a sysctl's name such as net.ipv4.ip_nonlocal_bind"
            ),
            (
                "sysctl", ["key": "a/b", "value": "1"],
                "`key` must be a sysctl's name such as net.ipv4.ip_nonlocal_bind"
            ),
            ("health", [:], "a health step needs `script`, `unit` or `port: ADDRESS:PORT`"),
            ("health", ["script": "x", "expect": "maybe"], "`expect` must be succeeds or fails, not `maybe`"),
            ("link", ["path": "/a"], "`target` is missing or empty"),
            ("archive", ["product": "x"], "`prefix` is missing or empty"),
            ("user", ["name": "x", "group": "y"], "unknown field `group`"),
        ] as [(String, [String: String], String)])
    func fields(kind: String, fields: [String: String], message: String) throws {
        let cluster = try Samples.cluster()
        let host = try Samples.host(in: cluster)
        let error = try #require(throws: PlaybookError.self) {
            try Samples.resource(kind, fields, cluster: cluster, host: host)
        }
        #expect(error.description == "p.yml:3:5: " + message)
    }

    @Test func missingFolder() throws {
        let error = try #require(throws: PlaybookError.self) { try PlaybookFolder(path: "/nonexistent-for-haprov") }
        #expect(
            error.description
                == "/nonexistent-for-haprov/balancer.yml:1:1: cannot be read; --playbooks names the folder with "
                + "balancer.yml and its templates")
    }

    private func resources(_ book: String, _ templates: [String: String] = [:]) throws -> HostResources {
        let scratch = try ScratchFolder()
        try scratch.write(book, to: "balancer.yml")
        for (name, text) in templates { try scratch.write(text, to: name) }
        let cluster = try Samples.cluster()
        let host = try Samples.host(in: cluster)
        return try PlaybookFolder(path: scratch.path).resources(
            for: host, in: cluster,
            context: TemplateContext(cluster: cluster, host: host, password: nil, packages: [:]))
    }

    @Test func templates() throws {
        let step = "rollout:\n  - template: { path: /x, source: t.mustache }\n"
        let missing = try #require(throws: PlaybookError.self) { try resources(step) }
        #expect(missing.description == "t.mustache:1:1: there is no such template")
        let broken = try #require(throws: PlaybookError.self) { try resources(step, ["t.mustache": "{{#a}}"]) }
        #expect(broken.description.hasPrefix("t.mustache:1:1: not a valid template: "))
        let misspelt = try #require(throws: PlaybookError.self) {
            try resources("rollout:\n  - directory: { path: \"{{haproxy.prefx}}/conf\" }\n")
        }
        #expect(
            misspelt.description.hasSuffix(
                "balancer.yml:2:5: `{{haproxy.prefx}}` is not known: there is no value `prefx`; "
                    + "Playbooks/README.md lists them"))
        let good = try resources(step, ["t.mustache": "{{host.name}} & \"<{{vip.cidr}}>\""])
        let template = try #require(good.rollout.first as? TemplateResource)
        #expect(String(decoding: template.content, as: UTF8.self) == "haproxy1 & \"<172.16.122.100/24>\"")
    }

    @Test("A step whose `when` renders to nothing is left out")
    func when() throws {
        let book = """
            prepare:
              - package: { names: a }
                when: "{{#vip.unicast}}yes{{/vip.unicast}}"
              - package: { names: b }
                when: "{{#vip.preempt}}yes{{/vip.preempt}}"
            """
        #expect(try resources(book).all.flatMap(\.packages) == ["b"])
    }
}
