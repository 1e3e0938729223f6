import Inventory
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

@Suite("SELinux booleans, by stand-ins for its programs")
struct SELinuxTests {
    private static let name = "haproxy_connect_any"
    private static let active = "etc/active/\(name)"
    private static let kept = "var/lib/selinux/targeted/active/booleans.local"

    /// The values are files; permanent ones stand where libsemanage has them.
    private func programs(_ host: ScratchHost) -> String {
        """
        selinux_etc='\(host.root)/etc/selinux' selinux_store='\(host.root)/var/lib/selinux'
        selinuxenabled() { [ ! -e '\(host.root)/disabled' ]; }
        getsebool() {
            if v=$(cat "\(host.root)/etc/active/$1" 2>/dev/null); then echo "$1 --> $v"; return; fi
            echo "Error getting active value for $1" >&2
            return 1
        }
        setsebool() {
            if [ "$1" = -P ]; then
                shift
                f=$selinux_store/targeted/active/booleans.local n=0
                [ "$2" = off ] || n=1
                { grep -v "^$1=" "$f" || :; echo "$1=$n"; } >"$f.new" 2>/dev/null
                mv "$f.new" "$f"
            fi
            echo "$2" >"\(host.root)/etc/active/$1"
        }

        """
    }

    private func host(_ shell: String, active: String, kept: String) throws -> ScratchHost {
        let host = try ScratchHost(shell)
        try host.write(active + "\n", Self.active)
        try host.write("other=1\n" + kept, Self.kept)
        return host
    }

    private func steps(_ host: ScratchHost, _ name: String = name) async throws -> [Step] {
        let cluster = try Samples.cluster()
        let inventoryHost = try Samples.host(in: cluster)
        let resource = try Samples.resource(
            "selinux", ["boolean": name, "value": "on"], cluster: cluster, host: inventoryHost)
        let answer = try await host.shell("probe_selinux \(name)", overrides: programs(host))
        return try resource.steps(
            facts: FactsReader.read(answer.standardOutput), earlier: [],
            context: PlanContext(
                cluster: cluster, host: inventoryHost, platform: EnterpriseLinux(), builds: [:], secrets: []))
    }

    private func undo(_ host: ScratchHost) async throws -> ScratchHost.Outcome {
        try await host.perform(
            [.undo(Undo(run: "R1", number: "0001", resource: "r", summary: "undo"))], run: "undo",
            overrides: programs(host))
    }

    @Test(
        "Set where it is not, not again, and put back at run time and permanently", arguments: ScratchHost.shells,
        [
            ["off", "", "\(name)=0\n"], ["off", "\(name)=0\n", "\(name)=0\n"], ["on", "\(name)=0\n", "\(name)=0\n"],
            ["off", "\(name)=1\n", "\(name)=1\n"],
        ])
    func roundTrip(shell: String, values: [String]) async throws {
        let host = try host(shell, active: values[0], kept: values[1])
        let steps = try await steps(host)
        #expect(steps.count == 1)
        let made = try await host.perform(steps, overrides: programs(host))
        #expect(made.failure == nil, "\(made.failure?.cause ?? "")")
        #expect(host.text("\(host.root)/\(Self.active)") == "on\n")
        #expect(host.text("\(host.root)/\(Self.kept)") == "other=1\n\(Self.name)=1\n")
        #expect(try await self.steps(host) == [])
        let undone = try await undo(host)
        #expect(undone.failure == nil, "\(undone.failure?.cause ?? "")")
        #expect(host.text("\(host.root)/\(Self.active)") == values[0] + "\n")
        // What the policy has by itself cannot be told: the value that was found is kept from then on.
        #expect(host.text("\(host.root)/\(Self.kept)") == "other=1\n" + values[2])
    }

    @Test("Where SELinux is not in use there is nothing to do", arguments: ScratchHost.shells)
    func notInUse(shell: String) async throws {
        let host = try host(shell, active: "off", kept: "")
        try host.write("", "disabled")
        #expect(try await steps(host) == [])
    }

    @Test("A boolean that the policy does not know is refused", arguments: ScratchHost.shells)
    func unknown(shell: String) async throws {
        let host = try host(shell, active: "off", kept: "")
        await #expect(throws: (any Error).self) { try await steps(host, "haproxy_connect_ayn") }
        let made = try await host.perform(
            [SetBoolean(name: "haproxy_connect_ayn", value: "on", expected: nil)], overrides: programs(host))
        #expect(made.failure?.cause?.contains("SELinux knows no boolean haproxy_connect_ayn") == true)
    }

    @Test("One that setsebool did not set has failed, and is put back", arguments: ScratchHost.shells)
    func refusal(shell: String) async throws {
        let host = try host(shell, active: "off", kept: "")
        let made = try await host.perform(try await steps(host), overrides: programs(host) + "setsebool() { :; }\n")
        #expect(made.failure?.cause?.contains("setsebool ended well, but \(Self.name) is not on") == true)
        #expect(try await undo(host).failure == nil)
        #expect(host.text("\(host.root)/\(Self.kept)") == "other=1\n", "what is as it was is not written again")
    }

    @Test("Where SELinux was switched off since, an undo says that it did nothing", arguments: ScratchHost.shells)
    func switchedOff(shell: String) async throws {
        let host = try host(shell, active: "off", kept: "")
        _ = try await host.perform(try await steps(host), overrides: programs(host))
        try host.write("", "disabled")
        let undone = try await undo(host)
        #expect(undone.failure == nil)
        #expect(undone.events.contains("note SELinux is not in use any more: \(Self.name) was left as it is"))
        #expect(host.text("\(host.root)/\(Self.active)") == "on\n")
    }
}
