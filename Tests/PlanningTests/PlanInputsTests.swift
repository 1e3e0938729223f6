import Inventory
import Testing

@testable import Planning

@Suite("What a plan is made from, as digests")
struct PlanInputsTests {
    private static func inputs(
        _ inventory: String = "cluster: web\npassword: abc\n", playbook: String = "rollout: []\n",
        tarballs: [String: String] = ["haproxy": "aa"], own: String? = nil
    ) -> PlanInputs {
        var configuration = own.map { _ in OwnConfiguration(source: "haproxy") }
        configuration?.files = ["haproxy.cfg": Array((own ?? "").utf8)]
        return
            PlanInputs(
                inventory: inventory,
                playbooks: PlaybookFolder(balancer: playbook, file: "balancer.yml", templates: [:]),
                tarballs: tarballs, own: configuration, mask: SecretMask(["hunter22"]))
    }

    @Test("What has changed is named")
    func changes() {
        let old = Self.inputs()
        #expect(Self.inputs().changes(since: old).isEmpty && Self.inputs().digest == old.digest)
        let others = [
            (Self.inputs("cluster: api\npassword: abc\n"), "the inventory has changed"),
            (Self.inputs(playbook: "prepare: []\n"), "the playbooks have changed"),
            (Self.inputs(tarballs: ["haproxy": "bb"]), "the tarball of haproxy, or how it is compiled, has changed"),
            (Self.inputs(own: "frontend web\n"), "HAProxy's configuration has changed"),
            (Self.inputs(tarballs: [:]), "the tarball of haproxy, or how it is compiled, has changed"),
        ]
        for (new, text) in others {
            #expect(new.changes(since: old) == [text])
            #expect(new.digest != old.digest)
        }
    }

    @Test("Secrets are no part of it")
    func secrets() {
        #expect(Self.inputs("cluster: web\npassword: abd\n") == Self.inputs())
        #expect(Self.inputs("# hunter22\n") == Self.inputs("# ********\n"))
        #expect(Self.inputs(own: "# hunter22\n") == Self.inputs(own: "# ********\n"))
    }
}
