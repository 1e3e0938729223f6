import Testing
import VRRP

@Suite struct MulticastGroupTests {
    @Test func theGroupOfTheConfigurationIsSpokenTo() {
        let text = "global_defs {\n    vrrp_mcast_group4 224.0.0.99\n}\n" + TestConfiguration().text
        let configuration = ConfigurationReader.read(.init(file: "a.conf", text: text)).configuration
        #expect(configuration.electionSettings.routers.map(\.group) == [.v4(0xE000_0063)])
    }
}
