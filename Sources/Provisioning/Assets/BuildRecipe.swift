import Inventory

/// How one version is compiled with one compiler: a plain value, nothing of it depends on the host.
package struct BuildRecipe: Sendable, Equatable {
    /// `haproxy` or `keepalived`.
    package var product: String
    /// As in the inventory.
    package var version: String
    /// Where it is installed.
    package var prefix: String
    /// The one folder at the tarball's top, where the commands run.
    package var folder: String
    /// Variables for configure and make.
    package var environment: [String: String] = [:]
    /// The arguments of `./configure`; nil where the sources have none.
    package var configureArguments: [String]?
    /// The arguments of `make`.
    package var makeArguments: [String] = []
    /// The arguments of `make install`, beside those of `make`.
    package var installArguments: [String] = []
    /// What the host that compiles needs, by EL names.
    package var buildPackages: [String] = []
    /// What every host needs that runs it, by EL names.
    package var runPackages: [String] = []
    /// Of which packages only that version or a later one will do.
    package var leastVersions: [String: Version] = [:]
    /// Messages that tell of a missing package.
    package var errors: [KnownError] = []
    /// What the result must show.
    package var checks: [BuildCheck] = []
    /// Why it cannot be compiled.
    package var unfit: String?

    init(product: String, version: String, prefix: String, folder: String) {
        self.product = product
        self.version = version
        self.prefix = prefix
        self.folder = folder
    }

    /// The words of the configure step; nil where there is none.
    package var configure: [String]? { configureArguments.map { ["./configure"] + $0 } }

    /// Whether an option of make, such as `USE_LUA`, is on.
    func hasOption(_ name: String) -> Bool {
        MakeOption.isOn(name, in: environment.map { "\($0)=\($1)" } + makeArguments)
    }

    /// The words of the make step.
    package func make(jobs: Int) -> [String] { ["make", "-j\(jobs)"] + makeArguments }

    /// The words of the install step, which writes below a staging folder so that its files are known before they are put
    /// in place. Make's own arguments are repeated: without them it would build again, differently.
    package func install(destination: String) -> [String] {
        ["make", "install"] + makeArguments + installArguments + ["DESTDIR=\(destination)"]
    }

    /// The packages whose lack a log tells of, with the messages that told it.
    package func missingPackages(in log: String) -> [KnownError] {
        let log = Self.collapsed(log)
        return errors.filter { log.contains(Self.collapsed($0.message)) }
    }

    /// Everything that decides what a build gives, in one order: equal texts mean equal builds on equal hosts.
    package var identity: String {
        let variables = environment.keys.sorted().map { "\($0)=\(environment[$0] ?? "")" }
        let lines =
            [[product, version, prefix], variables, configure ?? [], makeArguments, installArguments]
        return lines.map { $0.map(\.debugDescription).joined(separator: " ") }.joined(separator: "\n")
    }

    mutating func add(_ rule: BuildRule) {
        func filled(_ text: String) -> String { Placeholders.fill(text, version: version, prefix: prefix) }
        environment.merge(rule.environment.mapValues(filled)) { _, new in new }
        if let arguments = rule.configure { configureArguments = (configureArguments ?? []) + arguments.map(filled) }
        makeArguments += (rule.make ?? []).map(filled)
        installArguments += rule.install.map(filled)
        buildPackages += rule.buildPackages.filter { !buildPackages.contains($0) }
        runPackages += rule.runPackages.filter { !runPackages.contains($0) }
        leastVersions.merge(rule.leastVersions) { _, new in new }
        errors += rule.errors
        let own = rule.checks.map {
            BuildCheck(
                program: $0.program, arguments: $0.arguments.map(filled), shows: $0.shows.map(filled),
                isAddition: rule.isAddition)
        }
        if rule.isAddition {
            checks.removeAll { check in
                !check.isAddition && own.contains { $0.program == check.program && $0.arguments == check.arguments }
            }
        }
        checks += own
        if let reason = rule.unfit { unfit = reason.isEmpty ? nil : filled(reason) }
    }

    private static func collapsed(_ text: String) -> String {
        var result = ""
        var blank = false
        for character in text {
            if character == " " || character == "\t" {
                blank = true
                continue
            }
            if blank { result.append(" ") }
            blank = false
            result.append(character)
        }
        return result
    }
}
