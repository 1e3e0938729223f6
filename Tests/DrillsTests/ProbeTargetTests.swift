import HAProxyReading
import Inventory
import Prober
import Provisioning
import Testing
import VRRP

@testable import Drills

/// What of the service stands for all of it.
@Suite struct ProbeTargetTests {
    private func cluster(_ frontends: [Frontend], vip: String = "172.16.122.100", url: String? = nil) -> Cluster {
        var cluster = TestCluster.guide(vip: vip)
        cluster.haproxy.frontends = frontends
        cluster.drill.url = url.flatMap(ServiceURL.init)
        return cluster
    }

    private func frontend(_ address: String, _ port: Int, _ mode: String = "http") -> Frontend {
        Frontend(name: "f\(port)", bindAddress: address, port: port, mode: mode, backend: "app")
    }

    private func target(_ cluster: Cluster) -> ProbeTarget? { ProbeTarget(of: cluster.instances[0], in: cluster) }

    private func configuration(_ cluster: Cluster, besides count: Int = 1) throws -> ProbeConfiguration {
        let run = RunIdentity(id: "V1", command: "verify", operatorName: "me", started: "2026-01-31T09:45:00Z")
        let options = DrillOptions(run, clock: { "" }, authorities: [1, 2], proberBinary: nil)
        return ProbeConfiguration(
            try #require(target(cluster)), on: cluster.instances[0], of: cluster, options: options, besides: count,
            maximumSeconds: 60)
    }

    @Test func theFirstPageOnTheVIPIsAsked() throws {
        let frontends = [frontend("10.0.0.1", 81), frontend("*", 5432, "tcp"), frontend("172.16.122.100", 80)]
        #expect(target(cluster(frontends))?.port == 80)
        #expect(target(cluster(Array(frontends.dropLast())))?.kind == .tcp)
        #expect(target(cluster([frontends[0]])) == nil)
        let asked = try configuration(cluster(frontends))
        #expect(asked == ProbeConfiguration(address: "172.16.122.100", port: 80, maximumSeconds: 60))
    }

    /// Of the operator's own configuration it is known how clients have to speak.
    @Test func pagesComeBeforeTLSAndWhatOnlyProxiesMaySpeakToLast() {
        func own(_ binds: String) -> Cluster {
            var cluster = cluster([])
            cluster.haproxy.own = OwnConfiguration(source: "lb")
            cluster.haproxy.own?.reading = HAProxyReader.read([.init(file: "haproxy.cfg", text: binds)])
            return cluster
        }
        let binds =
            "frontend a\n mode http\n bind :80 accept-proxy\nfrontend b\n bind :81\n"
            + "frontend c\n mode http\n bind :82 ssl\n"
        let page = target(own(binds + "frontend d\n mode http\n bind :83\n"))
        #expect(page?.port == 83 && page?.isEncrypted == false)
        let encrypted = target(own(binds))
        #expect(encrypted?.port == 82 && encrypted?.isEncrypted == true && encrypted?.kind == .http)
        #expect(encrypted?.usualRate == 50)
        let last = target(own("frontend a\n mode http\n bind :80 accept-proxy\n"))
        #expect(last?.port == 80 && last?.kind == .tcp && last?.expectsProxyHeader == true)
        #expect(target(own("frontend a\n bind 10.0.0.1:80\n bind 127.0.0.1:81\n")) == nil)
    }

    @Test func aVIPOfIPv6HasWhatListensEverywhere() {
        let everywhere = [frontend("172.16.122.100", 81), frontend("0.0.0.0", 82), frontend("*", 80)]
        #expect(target(cluster(everywhere, vip: "2001:db8::100"))?.port == 80)
        #expect(target(cluster([frontend("2001:DB8:0::100", 80)], vip: "2001:db8::100"))?.port == 80)
    }

    @Test func aURLSaysAllButWhere() throws {
        var cluster = cluster([frontend("*", 80)], url: "https://shop.example:8443/health")
        var asked = try configuration(cluster)
        #expect(asked.address == "172.16.122.100" && asked.port == 8443 && asked.path == "/health")
        #expect(asked.host == "shop.example:8443" && asked.tls == TLSQuestion(name: "shop.example"))
        #expect(asked.interval == 20_000 && asked.expected == .usual)
        cluster.drill.verifies = true
        cluster.drill.expected = [204...204]
        cluster.drill.rate = 100
        asked = try configuration(cluster)
        #expect(asked.tls?.authorities == [1, 2] && asked.expected == StatusSet([204...204]))
        #expect(asked.interval == 10_000)
        cluster.drill.url = ServiceURL("tcp://db:5432")
        asked = try configuration(cluster)
        #expect(asked.kind == .tcp && asked.port == 5432 && asked.path == "/" && asked.tls == nil)
    }

    @Test func aVIPThatHasNotThatPortIsNotAsked() {
        let frontends = [frontend("172.16.122.110", 443), frontend("*", 80)]
        #expect(target(cluster(frontends, url: "https://shop.example/")) == nil)
        #expect(target(cluster(frontends, url: "http://shop.example/"))?.port == 80)
    }

    @Test func allTogetherAskAThousandTimesASecondAtMost() throws {
        var cluster = cluster([frontend("*", 80)])
        #expect(try configuration(cluster, besides: 3).interval == 3000)
        cluster.drill.rate = 50
        #expect(try configuration(cluster, besides: 3).interval == 20_000)
    }

    @Test func whatIsAskedIsSaid() throws {
        var cluster = cluster([frontend("*", 80)])
        func text() -> String? { target(cluster)?.described(on: cluster.instances[0], by: cluster.drill) }
        #expect(text() == "172.16.122.100:80")
        cluster.drill.url = ServiceURL("https://shop.example/health")
        #expect(
            text() == "172.16.122.100:443 (as https://shop.example/health; its certificate is not judged)")
        cluster.drill.verifies = true
        #expect(text() == "172.16.122.100:443 (as https://shop.example/health)")
    }
}

@Suite struct SteadyStateTests {
    /// Requests that all go well, at an interval in microseconds; when that is seen to be steady.
    private func steady(interval: Int, failing: Int? = nil) -> Int? {
        var state = SteadyState(interval: interval)
        var progress = ProbeProgress()
        for time in stride(from: interval, through: 60_000_000, by: max(interval, 5000)) {
            let due = time / interval
            progress.elapsed = time
            progress.good += failing == nil || time > failing ?? 0 ? due - progress.requests : 0
            progress.requests = due
            if progress.good > 0 { progress.lastGood = time }
            if state.take(progress) { return time }
        }
        return nil
    }

    @Test(arguments: [1000, 20_000, 40_000, 300_000, 1_000_000]) func rareRequestsTakeLonger(interval: Int) throws {
        let time = try #require(steady(interval: interval))
        #expect(time >= 500_000 && time <= max(600_000, 7 * interval))
    }

    @Test func failuresAreNotSteady() throws {
        let time = try #require(steady(interval: 20_000, failing: 2_000_000))
        #expect(time >= 2_400_000)
    }
}
