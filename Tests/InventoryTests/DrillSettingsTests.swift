import Testing

@testable import Inventory

@Suite("What drills ask") struct DrillSettingsTests {
    private func settings(_ text: String) throws -> DrillSettings {
        let reading = read(valid.replacing("cluster: web", with: "cluster: web\ndrill: \(text)"))
        #expect(reading.diagnostics == [])
        return try #require(reading.cluster).drill
    }

    @Test func nothingSaidMeansWhatItAlwaysMeant() throws {
        #expect(try #require(read(valid).cluster).drill == DrillSettings())
        #expect(try settings("{ rate: }") == DrillSettings())
        #expect(DrillSettings().afterApply == .always)
    }

    @Test func everyKeyIsRead() throws {
        let read = try settings(
            "{ url: \"https://shop.example/health?full=1\", expect: [200, 3XX], rate: 100, verify: true, ca: ca.pem,"
                + " after_apply: ask }")
        let url = try #require(read.url)
        #expect(url.scheme == .https && url.host == "shop.example" && url.port == 443 && url.path == "/health?full=1")
        #expect(read.expected == [200...200, 300...399])
        #expect(read.rate == 100 && read.verifies && read.authorities == "ca.pem" && read.afterApply == .ask)
        #expect(try settings("{ expect: 2xx, after_apply: never }").expected == [200...299])
    }

    @Test func whichMayRunIsRead() throws {
        #expect(DrillSettings().allowed == ["haproxy-killed", "daemon-stopped", "move", "failback"])
        #expect(try settings("{ allow: [move, host-isolated] }").allowed == ["move", "host-isolated"])
        #expect(try settings("{ allow: cascade }").allowed == ["cascade"])
        #expect(try settings("{ allow: all }").allowed == DrillSettings.names)
        #expect(try settings("{ allow: [] }").allowed == [])
    }

    @Test(arguments: [
        ("http://shop.example", "http://shop.example/", "shop.example"),
        ("HTTPS://shop.example:443/", "https://shop.example/", "shop.example"),
        ("https://shop.example:8443?a=b", "https://shop.example:8443/?a=b", "shop.example:8443"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x", "[2001:db8::1]:8080"),
        ("https://[::1]/", "https://[::1]/", "[::1]"), ("http://10.0.0.1/", "http://10.0.0.1/", "10.0.0.1"),
        ("tcp://db:5432", "tcp://db:5432", "db:5432"), ("tcp://db:5432/", "tcp://db:5432", "db:5432"),
    ])
    func readsURLs(text: String, whole: String, authority: String) throws {
        let url = try #require(ServiceURL(text))
        #expect(url.description == whole && url.authority == authority)
    }

    @Test(arguments: [
        "", "shop.example", "ftp://shop.example/", "http://", "http:///x", "http://shop.example:0/", "http://a:b/",
        "http://shop.example:70000/", "http://me@shop.example/", "http://shop.example/a b", "http://shop.example/#a",
        "tcp://db", "tcp://db:5432/x", "http://[10.0.0.1]/", "http://2001:db8::1/", "http://-a/", "http://ä.example/",
    ])
    func readsNothingElse(text: String) { #expect(ServiceURL(text) == nil) }
}
