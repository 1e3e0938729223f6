import Foundation
import Testing

/// What the daemon does when it begins.
@Suite(.serialized) struct BeginningTests {
    @Test func theHostsOnlyAddressIsNeverTakenAway() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            try host.start(TestConfiguration(priority: 254, addresses: ["10.9.0.1/24"]).text)
            try await eventually("it is said") { host.log.contains("own only address, which is left alone") }
            kill(host.supervisor, SIGTERM)
            try await eventually("it has ended") { host.log.contains("the daemon ends") }
            #expect(try host.has("10.9.0.1"))
        }
    }

    @Test func aReloadBeforeTheFirstCheckHasAnsweredDoesNotKeepItFromBeginning() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            var configuration = TestConfiguration(priority: 254)
            configuration.more = "track_script {\nslow\n}"
            let script = "vrrp_script slow {\nscript \"/bin/sleep 2\"\ninterval 60\ntimeout 20\n}\n"
            try host.start("global_defs {\nscript_user root\n}\n" + script + configuration.text)
            try await eventually("the control socket is there") {
                FileManager.default.fileExists(atPath: host.socket.path)
            }
            kill(host.supervisor, SIGHUP)
            try await eventually("it is master all the same") { try host.has("10.9.0.100") }
        }
    }
}
