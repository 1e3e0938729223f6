import Testing

@testable import Inventory

@Suite("Doubts about a valid inventory")
struct LintTests {
    private func warnings(_ piece: String, _ replacement: String) throws -> [String] {
        let reading = read(try inventory(piece, replacement))
        #expect(reading.cluster != nil)
        #expect(reading.diagnostics.allSatisfy { $0.severity == .warning })
        return reading.diagnostics.map(\.description)
    }

    private let router = "virtual_router_id: 51"

    @Test func guidesPassword() throws {
        let found = try warnings(router, router + "\n  password: 4gjfethTonUY7kXU")
        #expect(
            found == [
                """
                i.yml:6:13: warning: the VRRP password has 16 characters; version 2 carries the first 8 and keepalived \
                drops the other 8
                    Shorten it to 8, so that nobody counts on more.
                """,
                """
                i.yml:6:13: warning: the VRRP password stands in this file in clear
                    Write `password: { env: HAPROV_VRRP_PASSWORD }` or `password: { file: PATH }`.
                """,
            ])
    }

    @Test(arguments: ["12345678", "a"])
    func shortPassword(_ password: String) throws {
        #expect(try warnings(router, router + "\n  password: \"\(password)\"").count == 1)
    }

    @Test(arguments: ["{ env: VRRP }", "{ file: secrets/vrrp }"])
    func passwordElsewhere(_ source: String) throws {
        #expect(try warnings(router, router + "\n  password: \(source)") == [])
    }

    @Test func limitsBelowTheWorstTakeover() throws {
        let found = try warnings("cluster: web", "cluster: web\nlimits: { vip_moved: 3s, client_gap: 3700ms }")
        #expect(
            found == [
                """
                i.yml:2:22: warning: `limits.vip_moved` is 3s, but a takeover may need 2.61s after HAProxy's death and \
                3.61s after the host's
                    Raise it to 4s or more, or `verify` will now and then fail a cluster that is in order.
                """
            ])
    }

    @Test func standbysTooClose() throws {
        let text = try inventory(router, router + "\n  version: 3\n  advert_int: 100ms")
        let third = try inventory(
            "  app1:", "  three: { address: 172.16.122.103, role: balancer, priority: 99 }\n  app1:", in: text)
        #expect(
            messages(third) == [
                """
                i.yml:16:63: warning: the standbys with priorities 100 and 99 wait only 0.39 ms apart, so that both may take \
                the VIP for a moment
                    Spread the priorities, such as 200, 150 and 100.
                """
            ])
    }

    @Test func intervalTooShortForComfort() throws {
        let found = try warnings(router, router + "\n  version: 3\n  advert_int: 10ms")
        #expect(
            found == [
                """
                i.yml:7:15: warning: at an interval of 10ms a backup takes over after 37ms of silence, which a busy machine \
                or a switch can cause
                    Write `advert_int: 100ms` or more unless it was measured on these hosts.
                """
            ])
    }

    @Test func compilingOnTheMaster() throws {
        let found = try warnings("cluster: web", "cluster: web\nbuild_host: one")
        #expect(
            found == [
                """
                i.yml:2:13: warning: one compiles, and has the highest priority: clients share it with the compiler
                    Name a standby, or leave the key out.
                """
            ])
        #expect(try warnings("cluster: web", "cluster: web\nbuild_host: two") == [])
    }

    @Test func backendsAndHostsWithoutUse() throws {
        let found = try warnings(
            "{ app: { servers: application, port: 10900 } }",
            "{ app: { servers: [app1], port: 10900 }, spare: { servers: app1, port: 1 } }")
        #expect(
            found == [
                """
                i.yml:9:22: warning: the backend app has one server, app1: when it fails, so does the service
                    Add application hosts.
                """,
                """
                i.yml:9:54: warning: no frontend uses the backend spare
                    Remove it, or name it in a frontend.
                """,
                """
                i.yml:9:72: warning: the backend spare has one server, app1: when it fails, so does the service
                    Add application hosts.
                """,
                """
                i.yml:15:3: warning: no backend uses the application host app2
                    Add it to a backend's `servers`, or remove it.
                """,
            ])
    }

    @Test func balanceOnWhatIsNotThere() throws {
        let text = try inventory("port: 10900 }", "port: 10900, balance: uri }")
        #expect(read(text).diagnostics == [])
        let found = try inventory("backend: app }", "backend: app, mode: tcp }", in: text)
        #expect(
            messages(found) == [
                """
                i.yml:9:66: warning: `balance uri` looks into HTTP requests, and the backend app is in mode tcp: HAProxy falls \
                back to roundrobin
                    Write `mode: http`, or another algorithm.
                """
            ])
    }

    @Test func sshDoubts() throws {
        let found = try warnings(
            "cluster: web",
            "cluster: web\nssh: { password: hunter2, known_hosts: /dev/null, identity: ~/.ssh/id_rsa.pub }")
        #expect(
            found == [
                """
                i.yml:2:18: warning: an SSH password stands in this file in clear
                    Log in with a key, or write `password: { env: NAME }` or `password: { file: PATH }`.
                """,
                """
                i.yml:2:40: warning: `known_hosts: /dev/null` knows no host, and haprov refuses hosts that it does not know
                    Name a real file; `ssh-keyscan` fills it, after the fingerprints were compared.
                """,
                """
                i.yml:2:61: warning: `~/.ssh/id_rsa.pub` looks like a public key
                    Name the private key, the file without `.pub`.
                """,
            ])
    }

    @Test func overlappingBinds() throws {
        let found = try warnings(
            "web: { bind: \"*:80\", backend: app }",
            "web: { bind: \"*:80\", backend: app }, vip: { bind: \"172.16.122.100:80\", backend: app }")
        #expect(
            found == [
                """
                i.yml:8:66: warning: the frontend web binds the port 80 on every address, the VIP among them
                    Give one of them another port.
                """
            ])
    }
}
