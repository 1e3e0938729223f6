import Testing

@testable import Planning

@Suite("What a plan is made from, as digests")
struct PlanInputsTests {
    private static func inputs(
        _ inventory: String = "cluster: web\npassword: abc\n", playbook: String = "rollout: []\n",
        tarballs: [String: String] = ["haproxy": "aa"]
    ) -> PlanInputs {
        PlanInputs(
            inventory: inventory, playbooks: PlaybookFolder(balancer: playbook, file: "balancer.yml", templates: [:]),
            tarballs: tarballs, mask: SecretMask(["hunter22"]))
    }

    @Test("What has changed is named")
    func changes() {
        let old = Self.inputs()
        #expect(Self.inputs().changes(since: old).isEmpty && Self.inputs().digest == old.digest)
        let others = [
            (Self.inputs("cluster: api\npassword: abc\n"), "the inventory has changed"),
            (Self.inputs(playbook: "prepare: []\n"), "the playbooks have changed"),
            (Self.inputs(tarballs: ["haproxy": "bb"]), "the tarball of haproxy, or how it is compiled, has changed"),
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
    }
}
