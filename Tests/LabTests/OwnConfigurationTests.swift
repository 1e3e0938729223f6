import Foundation
import Testing

/// Configurations of HAProxy's as people have them, from a folder beside the inventory: from bare hosts and back.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.ownConfiguration]))
struct OwnConfigurationTests {
    private let lab = EndToEndLab.ownConfiguration
    private let balancers = EndToEndLab.balancers
    private static let vip = EndToEndLab.vip

    /// Where the configurations of these tests are.
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Configurations").path

    /// A copy of a configuration beside the lab's inventory, with the certificates that it names.
    private func folder(_ kind: String) throws -> String {
        // Before anything is changed.
        _ = try lab.bareHosts()
        let folder = "\(lab.folder)/\(kind)"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.copyItem(atPath: "\(Self.fixtures)/\(kind)", toPath: folder)
        let certificates = ["tls": ["one", "two"], "kubernetes": ["api"]]
        for name in certificates[kind] ?? [] { try certificate("\(name).test", at: "\(folder)/certs/\(name).pem") }
        return folder
    }

    /// A certificate that nobody has signed but itself, with its key.
    private func certificate(_ name: String, at path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let command = """
            umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$1" \
            -addext "subjectAltName=DNS:$1" -keyout "$2.key" -out "$2.crt" 2>&1 && cat "$2.crt" "$2.key" >"$2" && rm "$2.crt" "$2.key"
            """
        let told = try Program.run(["sh", "-c", command, "sh", name, path])
        guard told.status == 0 else { throw Trouble("openssl: \(told)") }
    }

    /// The lab's inventory with a configuration of one's own in the place of frontends and backends.
    private func inventory(_ kind: String, _ more: String = "") throws -> String {
        let path = try lab.inventory(kind, [])
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "  frontends:"))
        let end = try #require(lines[start...].firstIndex { !$0.hasPrefix(" ") })
        let options = kind == "maps" ? ["  make: [USE_LUA=1]"] : []
        lines.replaceSubrange(start..<end, with: options + ["  config: \(kind)/"])
        let text = lines.joined(separator: "\n") + "\nsecrets: { stats: { env: STATS_PASSWORD } }\n\(more)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func haprov(_ arguments: String..., inventory: String) throws -> Told {
        try lab.haprov(arguments, inventory: inventory, environment: ["STATS_PASSWORD": "Pa55-of-stats"])
    }

    private func applied(_ inventory: String) throws {
        let told = try haprov("apply", "--yes", "--no-verify", inventory: inventory)
        try #require(told.status == 0, "\(told)")
        try lab.settled()
    }

    /// curl where the controller is; its output.
    private func curl(_ arguments: String...) throws -> String {
        let outcome = try Program.run(
            [EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "curl", "-s", "-m", "10"] + arguments,
            within: 30)
        return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Whom several requests in a row were answered by.
    private func answering(_ arguments: String...) throws -> Set<String> {
        let outcome = try Program.run(
            [
                EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "sh", "-c",
                #"for i in 1 2 3 4 5 6 7 8 9; do curl -s -m 10 "$@"; done"#, "sh",
            ] + arguments, within: 120)
        return Set(outcome.lines)
    }

    private static let all: Set = ["app1", "app2", "app3"]

    @Test(
        "What is served is what the configuration says, on every balancer, and nothing is left to do",
        arguments: EndToEndTrait.areLongAsked
            ? ["routing", "database", "kubernetes", "cookies", "limits", "maps", "proxy", "tls"] : ["tls"])
    func kinds(kind: String) throws {
        let folder = try folder(kind)
        let inventory = try inventory(kind)
        try applied(inventory)
        let plan = try haprov("plan", inventory: inventory)
        #expect(plan.status == 0, "\(plan)")
        for host in balancers {
            #expect(try lab.ask(host, "cd /usr/local/haproxy/conf && find . -perm /022 -o ! -user root").isEmpty)
        }
        let web = "http://\(Self.vip)"
        switch kind {
        case "routing":
            #expect(try answering("\(web)/") == ["app1"])
            #expect(try answering("\(web)/api/x") == ["app2"])
            #expect(try answering("-H", "Host: static.test", "\(web)/y") == ["app3"])
        case "database":
            #expect(try answering("\(web)/") == Self.all)
            // It is HTTP that this database speaks.
            #expect(try answering("\(web):5432/") == ["app1"])
        case "kubernetes":
            #expect(try answering("-k", "https://\(Self.vip):6443/") == Self.all)
        case "cookies":
            let first = try curl("-i", "\(web)/")
            #expect(first.contains("SERVER="), "\(first)")
            #expect(try answering("-H", "Cookie: SERVER=two", "\(web)/") == ["app2"])
        case "limits":
            let codes = try Program.run(
                [
                    EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "sh", "-c",
                    #"for i in $(seq 40); do curl -s -o /dev/null -w '%{http_code}\n' -H 'X-Client: a' "$1"; done; curl -s -o /dev/null -w '%{http_code}\n' -H 'X-Client: b' "$1""#,
                    "sh", "\(web)/",
                ], within: 120
            ).lines
            #expect(codes.first == "200" && codes.contains("429") && codes.last == "200", "\(codes)")
        case "maps":
            #expect(try answering("\(web)/") == Self.all)
            #expect(try answering("\(web)/last") == ["app3"])
            #expect(try curl("\(web)/nobody") == "back soon")
            #expect(try curl("\(web)/where/is") == "lua /where/is")
            // Another HAProxy than the other kinds have.
            for host in balancers {
                #expect(try lab.ask(host, "/usr/local/haproxy/sbin/haproxy -vv").contains("Built with Lua version"))
            }
        case "proxy":
            let answer = try curl("-i", "\(web)/")
            let own = try curl("-o", "/dev/null", "-w", "%{local_ip}", "\(web)/")
            #expect(!own.isEmpty && answer.contains("x-client: \(own)"), "\(answer)")
            #expect(try answering("\(web):8081/") == Self.all)
        default:
            for name in ["one", "two"] {
                let resolve = "\(name).test:443:\(Self.vip)"
                let found = try curl(
                    "--resolve", resolve, "--cacert", "\(folder)/certs/\(name).pem", "https://\(name).test/")
                #expect(Self.all.contains(found), "\(name): \(found)")
            }
            #expect(try curl("-o", "/dev/null", "-w", "%{http_code}", "\(web):8404/") == "401")
            #expect(
                try curl("-o", "/dev/null", "-w", "%{http_code}", "-u", "admin:Pa55-of-stats", "\(web):8404/") == "200")
            for host in balancers {
                #expect(try lab.ask(host, "stat -c %a /usr/local/haproxy/conf/certs/one.pem") == "600")
            }
        }
    }

    /// The client asks a thousand times a second.
    @Test func aServerIsAddedAndAMapIsChangedAndNobodyNotices() throws {
        let folder = try folder("routing")
        let inventory = try inventory("routing")
        try applied(inventory)
        let seen = try DaysTests.watched("own configuration changed", lab) { client in
            try client.mark("changes")
            let file = "\(folder)/haproxy.cfg"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let line = "    server app1 172.16.122.104:10900 check\n"
            try #require(text.contains(line))
            try Data(
                text.replacingOccurrences(of: line, with: line + "    server app2 172.16.122.105:10900 check\n").utf8
            ).write(to: URL(fileURLWithPath: file))
            try Data("198.51.100.0/24\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/lists/blocked.txt"))
            let plan = try haprov("plan", inventory: inventory)
            #expect(plan.status == 2)
            #expect(plan.lines.joined().contains("+198.51.100.0/24"), "\(plan)")
            try applied(inventory)
            #expect(try answering("http://\(Self.vip)/") == ["app1", "app2"])
        }
        for phase in seen.phases { #expect(phase.failed == 0 && phase.good > 0, "\(phase)") }
        let back = try haprov("rollback", "--yes", inventory: inventory)
        #expect(back.status == 0, "\(back)")
        #expect(try answering("http://\(Self.vip)/") == ["app1"])
    }

    /// A hundred handshakes a second, each of a client that has not been there before.
    @Test(.long) func aCertificateIsRenewedAndNobodyNotices() throws {
        let folder = try folder("tls")
        let inventory = try inventory("tls")
        try applied(inventory)
        func shown() throws -> String {
            let command =
                "openssl s_client -connect \(Self.vip):443 -servername one.test </dev/null 2>/dev/null | "
                + "openssl x509 -noout -fingerprint -sha256"
            return try Program.run(
                [EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "sh", "-c", command], within: 60
            ).output
        }
        let before = try shown()
        let client = try OpenLoopClient(lab, port: 443, more: "--tls one.test --interval-us 10000")
        let seen = try DaysTests.watched("certificate renewed", lab, by: client) { client in
            try client.mark("renewal")
            try certificate("one.test", at: "\(folder)/certs/one.pem")
            let told = try haprov("plan", inventory: inventory)
            #expect(told.status == 2 && told.lines.joined().contains("secret: "), "\(told)")
            #expect(!told.lines.joined().contains("PRIVATE KEY"))
            try applied(inventory)
            let after = try shown()
            #expect(before.contains("Fingerprint") && after.contains("Fingerprint") && before != after)
        }
        for phase in seen.phases { #expect(phase.failed == 0 && phase.good > 0, "\(phase)") }
    }

    /// What others put there stays; what HAProxy refuses comes nowhere, and its own words say why.
    @Test func othersFilesStayAndWhatHAProxyRefusesIsNotPutInPlace() throws {
        let folder = try folder("routing")
        let inventory = try inventory("routing")
        try applied(inventory)
        let acme = "/usr/local/haproxy/conf/certs/acme.pem"
        for host in balancers { try lab.ask(host, "mkdir -p \(acme.dropLast(9)) && echo theirs >\(acme)") }
        let before = try lab.snapshots()
        let file = "\(folder)/haproxy.cfg"
        let sound = try String(contentsOfFile: file, encoding: .utf8)
        try Data((sound + "\nbackend more\n    balanced roundrobin\n").utf8).write(to: URL(fileURLWithPath: file))
        let told = try haprov("apply", "--yes", "--no-verify", inventory: inventory)
        #expect(told.status == 1)
        #expect(told.failures.joined().contains("balanced"), "\(told)")
        try lab.expectUnchanged(since: before)
        try Data(sound.utf8).write(to: URL(fileURLWithPath: file))
        #expect(try haprov("rollback", "--yes", inventory: inventory).status == 0)
        for host in balancers { #expect(try lab.ask(host, "cat \(acme); rm \(acme)") == "theirs") }
    }

    /// What the engine refuses is not put in place; what it takes serves, drills and goes again. haprov's own engine reads that file
    /// too, and needs no version of keepalived.
    @Test(.long, arguments: ["keepalived", "haprov-vrrpd"]) func aKeepalivedConfOfOnesOwn(engine: String) throws {
        let bare = try lab.bareHosts()
        let exported = "\(lab.folder)/exported"
        try? FileManager.default.removeItem(atPath: exported)
        let told = try Program.run([EndToEndLab.program, "playbooks", "export", exported])
        try #require(told.status == 0, "\(told)")
        let shipped = try String(contentsOfFile: "\(exported)/keepalived.conf.mustache", encoding: .utf8)
        let config = "config: own/k.conf.mustache }"
        let changes = [("\nlimits:", "\nvars: { refresh: 60 }\nlimits:")]
        let inventory = try lab.inventory(
            "own-\(engine)",
            changes
                + (engine == "keepalived"
                    ? [("prefix: /usr/local/keepalived }", "prefix: /usr/local/keepalived, \(config)")]
                    : [EndToEndLab.engineVRRPD, (EndToEndLab.withoutKeepalived.0, "keepalived: { \(config)\n")]))
        let template = "\(lab.folder)/own/k.conf.mustache"
        try FileManager.default.createDirectory(atPath: "\(lab.folder)/own", withIntermediateDirectories: true)
        func write(_ line: String) throws {
            let text = shipped.replacingOccurrences(of: "global_defs {\n", with: "global_defs {\n    \(line)\n")
            try text.write(toFile: template, atomically: false, encoding: .utf8)
        }
        try write("vrrp_garp_master_refresh soon")
        let refused = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory)
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.failures.joined().contains("vrrp_garp_master_refresh"), "\(refused)")
        try write("vrrp_garp_master_refresh {{vars.refresh}}")
        let applied = try lab.haprov("apply", "--yes", inventory: inventory)
        #expect(applied.status == 0, "\(applied)")
        #expect(applied.summary["drills"][0]["ok"].flag == true, "\(applied)")
        try lab.settled()
        for host in balancers {
            let lines = try lab.ask(host, "grep -c 'vrrp_garp_master_refresh 60' /etc/keepalived/keepalived.conf")
            #expect(lines == "1")
        }
        #expect(try lab.haprov("plan", inventory: inventory).status == 0)
        let back = try lab.haprov("rollback", "--all", "--yes", inventory: inventory)
        #expect(back.status == 0, "\(back)")
        try lab.expectUnchanged(since: bare)
    }

    @Test func itPassesItsDrillAndAllIsTakenBack() throws {
        let bare = try lab.bareHosts()
        _ = try folder("routing")
        let inventory = try inventory("routing")
        let told = try haprov("apply", "--yes", inventory: inventory)
        #expect(told.status == 0, "\(told)")
        try lab.settled()
        let server = try haprov("server", "api/app2", "drain", "--yes", inventory: inventory)
        #expect(server.status == 0, "\(server)")
        #expect(server.all("server").allSatisfy { $0["kept"].flag != true }, "nothing says that it is to be kept")
        let ready = try haprov("server", "api/app2", "ready", "--yes", inventory: inventory)
        #expect(ready.status == 0, "\(ready)")
        let back = try haprov("rollback", "--all", "--yes", inventory: inventory)
        #expect(back.status == 0, "\(back)")
        try lab.expectUnchanged(since: bare)
    }
}
