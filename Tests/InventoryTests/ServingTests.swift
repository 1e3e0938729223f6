import Testing
import VRRP

@testable import Inventory

@Suite("What the short form of an inventory serves")
struct ServingTests {
    private func inventory(_ frontend: String, _ backend: String, _ more: String = "") -> String {
        """
        cluster: web
        vip: { address: 172.16.122.100/24, interface: ens33, virtual_router_id: 51 }
        haproxy:
          version: 2.6.12
          \(more)
          frontends: { web: { \(frontend), backend: app } }
          backends: { app: { port: 10900, \(backend) } }
        keepalived: { version: 1.4.5 }
        hosts:
          one: { address: 172.16.122.101, role: balancer, priority: 101 }
          two: { address: 172.16.122.102, role: balancer, priority: 100 }
          app1: { address: 172.16.122.104, role: application }
        """
    }

    @Test("Options of make, as make takes them", arguments: [("make: USE_LUA=1", ["USE_LUA=1"]), ("", [])])
    func makeOptions(_ text: String, _ options: [String]) throws {
        let haproxy = try #require(read(inventory("bind: \"*:80\"", "servers: application", text)).cluster)
        #expect(haproxy.haproxy.makeOptions == options && haproxy.compiledProducts[0].makeOptions == options)
        #expect(haproxy.compiledProducts[1].makeOptions.isEmpty)
    }

    @Test func everything() throws {
        let reading = read(
            inventory(
                "bind: [\"*:80\", \"*:8000-8002\"], extra: [option httplog]",
                "servers: [app1, two, { name: old, address: 192.168.0.9, port: 8080 }, { name: six, address: \"2001:db8::9\" }], "
                    + "check: { path: /health, host: www.test, status: 204, interval: 500ms, fall: 2, rise: 1, port: 9000 }, "
                    + "extra: [\"timeout server 5m\"]",
                "extra: { global: [\"tune.bufsize 32768\"], defaults: [option httplog] }"))
        let haproxy = try #require(reading.cluster).haproxy
        #expect(
            haproxy.frontends == [
                Frontend(
                    name: "web", binds: [.init(address: "*", ports: 80...80), .init(address: "*", ports: 8000...8002)],
                    mode: "http", backend: "app", extra: ["option httplog"])
            ])
        #expect(haproxy.ports == [80, 8000, 8001, 8002])
        let backend = haproxy.backends[0]
        #expect(
            backend.check
                == BackendCheck(
                    kind: .page(path: "/health", host: "www.test", status: 204), interval: 500, fall: 2, rise: 1,
                    port: 9000))
        #expect(backend.extra == ["timeout server 5m"])
        #expect(haproxy.extra.global == ["tune.bufsize 32768"] && haproxy.extra.defaults == ["option httplog"])
        let servers = try #require(reading.cluster).servers(of: backend)
        // Hosts in the order of the file, then the others.
        #expect(
            servers.map { "\($0.name) \($0.address):\($0.port)" } == [
                "two 172.16.122.102:10900", "app1 172.16.122.104:10900", "old 192.168.0.9:8080",
                "six 2001:db8::9:10900",
            ])
    }

    @Test func checks() throws {
        func check(_ text: String) throws -> BackendCheck {
            try #require(read(inventory("bind: \"*:80\"", "servers: application, check: \(text)")).cluster).haproxy
                .backends[0]
                .check
        }
        #expect(try check("tcp") == BackendCheck())
        #expect(try check("none") == BackendCheck(kind: .none))
        #expect(try check("{ interval: 5s }") == BackendCheck(interval: 5000))
        #expect(try check("{ path: / }") == BackendCheck(kind: .page(path: "/", host: nil, status: nil)))
    }

    @Test(
        "What cannot be meant is said",
        arguments: [
            ("bind: [\"*:80\", \"*:79-81\"]", "servers: application", "the frontend web binds *:80 twice"),
            (
                "bind: \"*:81-80\"", "servers: application",
                "`haproxy.frontends.web.bind` is `*:81-80`; expected ADDRESS:PORT with a port from 1 to 65535"
            ),
            (
                "bind: \"*:1000-2000\"", "servers: application",
                "`haproxy.frontends.web.bind` is `*:1000-2000`; expected a range of 128 ports at the most: each is opened and looked after"
            ),
            ("bind: []", "servers: application", "`haproxy.frontends.web.bind` is empty"),
            (
                "bind: \"*:10900\"", "servers: [two]",
                "the application of the backend app on two and the frontend web both want port 10900"
            ),
            (
                "bind: \"*:80\"", "servers: [{ name: app1, address: 10.0.0.1 }]",
                "the backend app names app1 with an address, and a host has that name"
            ),
            (
                "bind: \"*:80\"", "servers: [{ name: x, address: www.test }]",
                "the server x has the address `www.test`; expected an IP address"
            ),
            ("bind: \"*:80\"", "servers: [app1, app1]", "the backend app names app1 twice"),
            (
                "bind: \"*:80\"", "servers: application, check: { path: health }",
                "`haproxy.backends.app.check.path` is no path of a page"
            ),
            (
                "bind: \"*:80\"", "servers: application, check: { status: 200 }",
                "`haproxy.backends.app.check.status` is about a page"
            ),
            (
                "bind: \"*:80\", extra: [\"backend other\"]", "servers: application",
                "`haproxy.frontends.web.extra` begins another section: `backend other`"
            ),
        ])
    func faults(frontend: String, backend: String, message: String) {
        let reading = read(inventory(frontend, backend))
        #expect(reading.cluster == nil)
        #expect(reading.diagnostics.map(\.message).contains(message), "\(reading.diagnostics)")
    }
}
