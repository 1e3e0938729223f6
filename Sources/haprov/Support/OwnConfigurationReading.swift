import HAProxyReading
import Inventory
import Planning
import Provisioning
import YAMLReading

extension Cluster {
    /// The values of `secrets`, and what is to be said of those that cannot be had.
    func readSecrets(
        _ reading: InventoryReader.Reading, file: String, isNeeded: Bool
    ) -> (read: [String: String], diagnostics: [Diagnostic]) {
        var values: [String: String] = [:]
        var diagnostics: [Diagnostic] = []
        for (name, secret) in secrets.sorted(by: { $0.key < $1.key }) {
            do throws(SecretError) {
                values[name] = try secret.read(from: "secrets.\(name)")
            } catch {
                diagnostics.append(
                    reading.diagnostic(
                        isNeeded ? .error : .warning, at: "secrets.\(name)", file: file, message: error.message,
                        remedy: error.remedy))
            }
        }
        return (values, diagnostics)
    }

    /// Fills in the operator's own configuration, and what it says.
    ///
    /// - Parameters:
    ///   - passwords: those of VRRP by virtual router ID.
    ///   - secretValues: those of `secrets` by name.
    ///   - recipes: how HAProxy is compiled; nil where that does not matter.
    /// - Returns: what is wrong or doubtful.
    mutating func readConfiguration(
        _ reading: InventoryReader.Reading, file: String, passwords: [UInt8: String], secretValues: [String: String],
        recipes: Recipes?
    ) -> [Diagnostic] {
        let lacksLua = recipes?.compiles(HAProxy.program, with: OwnConfigurationLint.luaOption) == false
        guard let named = haproxy.own else { return lacksLua ? extraLua(reading, file: file) : [] }
        let (own, faults) = ConfigurationFolder.read(named, hosts: balancers.map(\.name))
        haproxy.own = own
        let trees = balancers.compactMap { host in
            TemplateContext(
                cluster: self, host: host, passwords: passwords, secretValues: secretValues,
                packages: recipes?.runtimePackages ?? [:]
            ).tree?.reading
        }
        guard var whole = trees.first else { return [] }
        for other in trees.dropFirst() { whole.merge(other) }
        haproxy.own?.reading = whole
        let found = faults.map { fault in
            reading.diagnostic(
                fault.isError ? .error : .warning, at: fault.key, file: file, message: fault.message,
                remedy: fault.remedy)
        }
        guard !faults.contains(where: \.isError), let filled = haproxy.own else { return found }
        let folder = Platforms.all.assumed.place(of: haproxyProgram).configurationFolder
        return found + OwnConfigurationLint(filled, folder: folder, lacksLua: lacksLua).diagnostics
            + silence(reading, file: file)
    }

    /// Lua in lines that are added to the configuration that haprov writes.
    private func extraLua(_ reading: InventoryReader.Reading, file: String) -> [Diagnostic] {
        let text = "global\n" + haproxy.extra.global.joined(separator: "\n")
        guard let first = HAProxyReader.read([.init(file: file, text: text)]).lua.first else { return [] }
        return [
            reading.diagnostic(
                .error, at: "haproxy.extra.global", file: file, message: OwnConfigurationLint.luaMessage(first.word),
                remedy: OwnConfigurationLint.luaRemedy, code: OwnConfigurationLint.luaCode)
        ]
    }

    /// A configuration that serves nobody, as far as it is understood.
    private func silence(_ reading: InventoryReader.Reading, file: String) -> [Diagnostic] {
        guard haproxy.listeners.isEmpty else { return [] }
        return [
            reading.diagnostic(
                .error, at: "haproxy.config", file: file, message: "no port was found on which this HAProxy listens",
                remedy: "Add a frontend with a `bind`; or name its ports: `ports: [80]` below `haproxy`.")
        ]
    }
}
