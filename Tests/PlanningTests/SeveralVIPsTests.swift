import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("keepalived.conf for several VIPs")
struct SeveralVIPsTests {
    /// - Parameter vips: entries of `vips`.
    private static func configuration(_ vips: String, shared: String = "interface: ens33", on host: String) throws
        -> String
    {
        var lines = Samples.inventory.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "vip:"))
        let end = try #require(lines.firstIndex { $0.hasPrefix("health_check") })
        lines.replaceSubrange(start..<end, with: ["vrrp: { \(shared) }", "vips:", vips])
        let text = lines.map { line in
            line.firstRange(of: ", priority: ").map { String(line[..<$0.lowerBound]) + " }" } ?? line
        }.joined(separator: "\n")
        let reading = InventoryReader.read(text, file: "inventory.yml")
        let cluster = try #require(reading.cluster, "\(reading.diagnostics)")
        let context = TemplateContext(
            cluster: cluster, host: try Samples.host(host, in: cluster), passwords: [:], packages: [:])
        let resources = try Samples.playbooks().resources(for: try Samples.host(host, in: cluster), context: context)
        let file = resources.all.compactMap { $0 as? any TextResource }.first { $0.target.path == Engine.configuration }
        return String(decoding: try #require(file).content, as: UTF8.self)
    }

    private static let web =
        "  web: { addresses: [172.16.122.100/24, \"2001:db8::100/64\"], virtual_router_id: 51, "
        + "prefer: [haproxy1, haproxy2, haproxy3] }"
    private static let api =
        "  api: { addresses: [172.16.122.110/24], virtual_router_id: 52, prefer: [haproxy2, haproxy3, haproxy1] }"
    private static let only =
        "  VI_1: { addresses: [172.16.122.100/24], virtual_router_id: 51, "
        + "priorities: { haproxy1: 101, haproxy2: 100, haproxy3: 99 } }"

    @Test("The engines' reader finds nothing wrong with it", arguments: ["haproxy1", "haproxy2", "haproxy3"])
    func reads(host: String) throws {
        let text = try Self.configuration("\(Self.web)\n\(Self.api)", on: host)
        let result = ConfigurationReader.read(ConfigurationReader.Source(file: "k", text: text)) { _, _ in [] }
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        let configuration = result.configuration
        #expect(configuration.instances.map(\.name) == ["web", "web_6", "api"])
        #expect(
            configuration.instances.map(\.priority)
                == [
                    "haproxy1": [240, 240, 200], "haproxy2": [220, 220, 240], "haproxy3": [200, 200, 220],
                ][host])
        #expect(configuration.instances.allSatisfy { $0.version == .v3 })
        #expect(configuration.groups.map(\.name) == ["web"] && configuration.groups[0].members == ["web", "web_6"])
    }

    @Test("An entry more changes nothing of the others") func stable() throws {
        func instance(_ name: String, in text: String) throws -> Substring {
            let start = try #require(text.firstRange(of: "vrrp_instance \(name) {"))
            return text[start.lowerBound...].prefix(
                upTo: try #require(text[start.upperBound...].firstRange(of: "\n}")).lowerBound)
        }
        let before = try Self.configuration(Self.api, shared: "interface: ens33, version: 3", on: "haproxy1")
        let after = try Self.configuration("\(Self.web)\n\(Self.api)", on: "haproxy1")
        #expect(try instance("api", in: before) == instance("api", in: after))
    }

    @Test("What was the one VIP stays what it is") func migrates() throws {
        let cluster = try Samples.cluster()
        let host = try Samples.host("haproxy1", in: cluster)
        let context = TemplateContext(cluster: cluster, host: host, passwords: [:], packages: [:])
        let resources = try Samples.playbooks().resources(for: host, context: context)
        let file = resources.all.compactMap { $0 as? any TextResource }.first { $0.target.path == Engine.configuration }
        let old = String(decoding: try #require(file).content, as: UTF8.self)
        #expect(try Self.configuration(Self.only, on: "haproxy1") == old)
        let more = try Self.configuration("\(Self.only)\n\(Self.api)", on: "haproxy1")
        #expect(more.hasPrefix(old))
    }

    @Test("VIPs of one sync group are members of one group") func groups() throws {
        let pair = [Self.web, Self.api].map { $0.replacing(" }", with: ", sync_group: pair }") }
        let text = try Self.configuration(
            pair.joined(separator: "\n").replacing(
                "[haproxy2, haproxy3, haproxy1]", with: "[haproxy1, haproxy2, haproxy3]"),
            on: "haproxy3")
        #expect(
            text.hasSuffix(
                """

                vrrp_sync_group pair {
                    group {
                        web
                        web_6
                        api
                    }
                }

                """))
    }

    @Test("A playbook that knows of the first alone is refused") func incomplete() throws {
        let one = try Samples.cluster()
        let host = try Samples.host("haproxy1", in: one)
        let context = TemplateContext(cluster: one, host: host, passwords: [:], packages: [:])
        let resources = ["haproxy1": try Samples.playbooks().resources(for: host, context: context)]
        var two = one
        var api = one.instances[0]
        (api.vip, api.virtualRouterID) = ("api", 52)
        api.addresses = [InterfaceAddress(address: .v4(0xAC10_7A6E), prefixLength: 24)]
        two.instances.append(api)
        let failures = ConfigurationReading(cluster: two, resources: resources).failures(on: ["haproxy1"])
        #expect(failures.map(\.summary) == ["the playbook's keepalived.conf has nothing of api (172.16.122.110)"])
        #expect(ConfigurationReading(cluster: one, resources: resources).failures(on: ["haproxy1"]).isEmpty)
    }
}
