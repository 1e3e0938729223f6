import Testing

@testable import Provisioning

@Suite("How the balancers stand")
struct ClusterStatusTests {
    private static func host(_ name: String, _ platform: String, _ versions: [(String, String)])
        -> ClusterStatus.HostStatus
    {
        var host = ClusterStatus.HostStatus(name: name)
        host.platform = platform
        host.versions = versions.map { (name: $0.0, version: $0.1) }
        return host
    }

    @Test("Versions of packages are compared among balancers of one platform alone") func versions() {
        var status = ClusterStatus()
        status.hosts = [
            Self.host("one", "Debian 12", [("haproxy", "2.6.12-1"), ("keepalived", "1:2.2.7-1")]),
            Self.host("two", "Enterprise Linux 9", [("haproxy", "2.4.22-3.el9"), ("keepalived", "2.2.8-3.el9")]),
        ]
        #expect(status.differingVersions == [])
        status.hosts += [
            Self.host("three", "Debian 12", [("haproxy", "2.6.12-2"), ("keepalived", "1:2.2.7-1")]),
            Self.host("four", "Debian 12", [("haproxy", "2.6.12-1")]), Self.host("five", "Enterprise Linux 9", []),
        ]
        #expect(
            status.differingVersions == [
                .init(
                    program: "haproxy", platform: "Debian 12",
                    versions: [
                        .init(text: "2.6.12-1", hosts: ["one", "four"]), .init(text: "2.6.12-2", hosts: ["three"]),
                    ])
            ])
    }
}
