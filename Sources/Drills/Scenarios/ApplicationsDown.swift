import Inventory

extension Scenario {
    /// No server answers.
    static let applicationsDown = Scenario(
        name: "applications-down",
        requirement: Requirement(words: "haproxy.backends", holds: { !servers(of: $0, one: false).isEmpty }),
        victim: Victim(
            target: { _, _ in "haprov-applications" }, title: { _ in "the way to the applications" }, keepsVIP: unmoved),
        deed: .reject, isHeldDown: true, manner: "rejected", expectation: .nobodyServes,
        detection: { _ in 0...0 }, reach: { _ in .everybody },
        arguments: { ["tcp"] + servers(of: $0.cluster, one: false).map { "\($0.address):\($0.port)" } },
        hypothesis: { _ in
            "When no application answers, clients are told so and the VIP stays, since no balancer could do better; once they"
                + " answer again, clients are served."
        },
        blastRadius: { _ in "every client of every VIP, until the drill ends" })
}
