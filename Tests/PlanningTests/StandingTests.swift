import Testing

@testable import Planning

@Suite("How the service of a balancer stands")
struct StandingTests {
    @Test(
        "The number in what a program says of its version",
        arguments: [
            ("HAProxy version 2.6.12-1+deb12u2 2025/04/14 - https://haproxy.org/", "2.6.12-1+deb12u2"),
            ("HA-Proxy version 1.5.18 2016/05/10", "1.5.18"), ("Keepalived v2.2.7 (01/16,2022)", "2.2.7"),
            ("haprov-vrrpd 1.0", "1.0"), ("it has none", "it has none"), ("", ""),
        ])
    func version(text: String, number: String) { #expect(StandingFacts.number(in: text) == number) }

    @Test func records() {
        let facts = FactsReader.read(
            Array("@router\tVI_1\tMASTER\t101\n@router\tweb\t\t\n@version\thaproxy.service\tx 2.6\n".utf8))
        #expect(
            facts.routers == [
                RouterFact(name: "VI_1", state: "MASTER", priority: 101),
                RouterFact(name: "web", state: "", priority: nil),
            ])
        #expect(facts.runningVersions == ["haproxy.service": "2.6"])
    }
}
