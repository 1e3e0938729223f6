import Errors
import HAProxyReading
import Inventory
import VRRP

/// A balancer that somebody has set up by hand, as it was found.
package struct FoundBalancer: Sendable {
    /// As the operator named it.
    package var argument: String
    package var address: IPAddress
    package var user: String
    package var port: Int
    package var facts: Facts

    package init(argument: String, address: IPAddress, user: String, port: Int, facts: Facts) {
        self.argument = argument
        self.address = address
        self.user = user
        self.port = port
        self.facts = facts
    }

    /// What it has for a keepalived.conf; empty where it has none.
    package var keepalivedText: String {
        String(decoding: facts.files[Engine.configuration]?.content ?? [], as: UTF8.self)
    }

    package var source: ConfigurationReader.Source { .init(file: Engine.configuration, text: keepalivedText) }

    var vrrp: KeepalivedConfiguration { ConfigurationReader.read(source).configuration }

    var configuration: FoundConfiguration { FoundConfiguration(facts) }

    /// Why it cannot be taken over as it runs.
    func failures() -> [Failure] {
        var failures: [Failure] = []
        func fail(_ step: String, _ summary: String, _ remedy: String) {
            failures.append(Failure(.preflight, host: argument, step: step, summary: summary, remedy: remedy))
        }
        if facts.runs.contains(where: { $0.command == "apply" && $0.changes > $0.undone }) {
            fail(
                "journal", "haprov has set this host up already",
                "Its inventory is what `haprov apply` was given there.")
        }
        haproxyFailures(fail)
        engineFailures(fail)
        return failures
    }

    private func haproxyFailures(_ fail: (String, String, String) -> Void) {
        guard let process = facts.eldest(HAProxy.program) else {
            return fail("haproxy", "no HAProxy runs here", "Start it, or leave this host out.")
        }
        refuseOutside(process, unit: HAProxy.unit, fail)
        if configuration.main == nil {
            let files = facts.haproxyConfigurations + facts.configurationParts
            fail(
                "haproxy",
                "HAProxy reads \(files.isEmpty ? "no file that it was given by -f" : files.joined(separator: ", ")); "
                    + "haprov keeps a folder whose haproxy.cfg is the only file that is read by name",
                "Put it into one file of that name, such as /etc/haproxy/haproxy.cfg, and reload HAProxy with it.")
        }
    }

    private func engineFailures(_ fail: (String, String, String) -> Void) {
        let own = Engine.all.filter { !$0.hasOtherUses }.map(\.program)
        let speakers = facts.speakers.filter { !own.contains($0.name) }
        guard let process = speakers.first else {
            return fail("keepalived", "no keepalived runs here", "Start it, or leave this host out.")
        }
        refuseOutside(process, unit: "\(process.name).service", fail)
        if process.configuration != Engine.configuration {
            fail(
                process.name,
                "\(process.name) reads \(process.configuration); haprov writes \(Engine.configuration), and nothing else is read",
                "Move it there, and have the service's arguments name it or nothing.")
        }
        if vrrp.instances.isEmpty {
            fail(
                process.name, "no vrrp_instance was found in \(Engine.configuration)",
                "What it includes is not followed: write the instances into that file.")
        }
    }

    /// A process that no service accounts for cannot be reloaded, nor started again after a boot.
    private func refuseOutside(_ process: ProcessFact, unit: String, _ fail: (String, String, String) -> Void) {
        guard process.unit != unit || facts.units[unit]?.isActive != true else {
            if !facts.reloads(unit) {
                fail(
                    process.name, "\(unit) cannot be told to reload, so that every change would be a restart",
                    "Give the unit an ExecReload=, or the init script a `reload` that its usage names.")
            }
            return
        }
        let place = process.unit.isEmpty ? "" : ", in \(process.unit)"
        fail(
            process.name,
            "\(process.name) (process \(process.id), \(process.path)) runs outside \(unit)\(place): nothing could reload it, and "
                + "nothing starts it after a boot",
            "Give it a unit or an init script of the name \(process.name), and start it by that where clients can spare it."
        )
    }
}
