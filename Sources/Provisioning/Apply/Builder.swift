import Digests
import Errors
import FoundationEssentials
import HostShell
import Inventory
import Planning
import SSH
import Synchronization
import Texts

/// Compiles a product on one host and brings the tree to the controller's cache.
///
/// Where a step stops for a missing header that the recipe knows, the package is installed and the step repeated.
struct Builder: Sendable {
    var session: Session
    var fleet: Fleet
    var run: RunIdentity

    /// - Parameter install: makes steps on the host that compiles, in its journal, with what the package manager said of them.
    func build(
        _ build: Build, facts: Facts,
        install: (_ steps: [Step], _ packages: PackageTransaction) async throws(Failure) -> Void
    ) async throws(Failure) {
        session.events(.started(host: build.host, summary: build.summary))
        session.events(.working(host: build.host, summary: build.summary, part: "unpack"))
        let log = try BuildLog(folder: session.cache.folder + "/logs", run: run.id, product: build.product)
        let tarball = try session.recipes.tarball(build.product)
        let size = LocalFile.size(tarball)
        let looked = try await ask([["build_found", build.id.value], ["build_compiler"]], on: build.host, log: log)
        let found = looked.first { $0.word == "gcc" }
        let isFound = looked.contains { $0.word == "unpacked" }
        if isFound {
            session.events(.note(host: build.host, text: "goes on where \(build.product) was compiled before"))
        } else {
            let unpacked = try await ask(
                [["hp_receive"], ["build_unpack", build.id.value, "\(size)"]], on: build.host,
                payload: [.file(path: tarball, size: size)], log: log)
            guard unpacked.contains(where: { $0.word == "unpacked" }) else {
                throw failure(build, log, 0, "the tarball could not be unpacked", unpacked)
            }
        }
        let tools = BuildTools(
            gcc: found.flatMap { Int($0[1]) }, openSSL: found.flatMap { Int($0[3]) }, pcre: found.flatMap { Int($0[4]) }
        )
        let recipe = try session.recipes.recipe(build.product, tools: tools)
        if let reason = recipe.unfit {
            _ = try await ask([["build_clean"]], on: build.host, log: log)
            throw Failure(
                .preflight, host: build.host, step: build.summary,
                summary: "\(build.product) \(build.version) \(reason), and this host has headers of OpenSSL "
                    + (tools.openSSL.map(String.init) ?? "of an unknown version"),
                remedy: "Choose another version in the inventory, and add its tarball with `haprov assets add`.")
        }
        let jobs = found?.number(2) ?? 1
        for step in BuildStep.steps(of: recipe, jobs: jobs) {
            try await self.step(
                step, recipe: recipe, build: build, isFound: isFound, system: facts.system, log: log, install: install)
        }
        try await pack(build, recipe: recipe, log: log)
        session.events(.finished(host: build.host, summary: build.summary))
    }

    private func step(
        _ step: BuildStep, recipe: BuildRecipe, build: Build, isFound: Bool, system: System, log: BuildLog,
        install: (_ steps: [Step], _ packages: PackageTransaction) async throws(Failure) -> Void
    ) async throws(Failure) {
        var installed = Set<String>()
        let platform = session.platforms.working(system)
        session.events(.working(host: build.host, summary: build.summary, part: step.name))
        for attempt in 1... {
            guard !session.isInterrupted() else {
                throw Failure(
                    .cancelled, host: build.host, step: build.summary, summary: "interrupted before `\(step.name)`",
                    remedy: "`haprov apply` again begins it anew.")
            }
            let calls = [
                ["hp_doing", "\(build.summary): \(step.name)"],
                ["build_step", build.id.value, step.name] + step.words, ["hp_doing"],
            ]
            let mark = log.count
            let answer = try await perform(calls, as: "\(step.name)-\(attempt)", of: build, log: log)
            let output = log.text(since: mark)
            // A warning about a missing library counts too: configure goes on without the feature.
            let wanted = platform.packages(recipe.missingPackages(in: output).flatMap(\.packages))
                .filter { !installed.contains($0) }
            let failed = !answer.contains { $0.word == "stepdone" }
            guard failed || (!wanted.isEmpty && step.isConfigure) else { return }
            guard !wanted.isEmpty else { throw failure(build, log, mark, "`\(step.name)` failed", answer) }
            installed.formUnion(wanted)
            let names = wanted.joined(separator: ", ")
            session.events(
                .note(
                    host: build.host,
                    text: "\(step.name) of \(build.product) misses \(names): installing and trying again"))
            let facts = try await Session.facts(
                Probe.script([ProbeQuery("probe_repositories"), .packages(wanted)]), on: build.host, fleet: fleet)
            let transaction = try await PackageResolver(
                cluster: session.cluster, fleet: fleet, cache: session.cache.folder, platforms: session.platforms
            ).resolve(wanted, on: build.host, facts: facts)
            guard let host = session.cluster.balancers.first(where: { $0.name == build.host }) else { return }
            let context = PlanContext(
                cluster: session.cluster, host: host, platform: platform, builds: [:], secrets: [],
                packages: .transaction(transaction))
            let steps = try PackageResource(names: wanted).steps(facts: facts, earlier: [], context: context)
            guard !steps.isEmpty else {
                // Configure may warn of what it could not use although it is there.
                if !failed, !isFound { return }
                // Installed after that step, by the haprov that began this.
                if isFound { continue }
                throw failure(build, log, mark, "`\(step.name)` asks for \(names), which is installed", answer)
            }
            try await install(steps, transaction)
        }
    }

    private func pack(_ build: Build, recipe: BuildRecipe, log: BuildLog) async throws(Failure) {
        var calls = recipe.checks.map { check in
            ["build_step", build.id.value, "check", "{stage}\(build.prefix)/\(check.program)"] + check.arguments
        }
        calls.append(["build_pack", build.id.value, build.prefix])
        let mark = log.count
        let answer = try await perform(calls, as: "pack", of: build, log: log)
        guard let artifact = answer.first(where: { $0.word == "artifact" }) else {
            throw failure(build, log, mark, "what was compiled does not work or could not be packed", answer)
        }
        let shown = log.text(since: mark)
        for check in recipe.checks {
            for text in check.missing(in: shown) {
                throw failure(build, log, mark, "`\(check.program)` was compiled, but does not show `\(text)`", answer)
            }
        }
        let left = answer.filter { $0.word == "outside" }.map { $0[1] }
        if !left.isEmpty {
            session.events(
                .note(
                    host: build.host,
                    text: "\(build.product) also brings \(left.joined(separator: ", ")), which is left out: it is not "
                        + "below \(build.prefix)"))
        }
        try await fetch(build, size: artifact.number(1), digest: artifact[2], log: log)
    }

    /// Brings the tree here, checks that it arrived whole, and removes everything from the host then.
    private func fetch(_ build: Build, size: Int, digest: String, log: BuildLog) async throws(Failure) {
        let script = RemoteScript(ShellLibrary.host.script(calls: [["build_fetch", build.id.value]]))
        let result = try await fleet.run(script, on: build.host, deadline: Deadline(idle: 60, total: 1800))
        guard result.standardOutput.count == size, SHA256.hex(result.standardOutput) == digest else {
            throw failure(build, log, log.count, "the tree did not arrive whole", [])
        }
        let file = "\(session.cache.folder)/\(run.id)-\(build.id.value)"
        do {
            try Data(result.standardOutput).write(to: URL(filePath: file))
        } catch {
            throw Failure(
                .input, step: "keep the compiled tree", summary: "cannot write to \(session.cache.folder): \(error)",
                remedy: "Make room there, or name another folder in HAPROV_CACHE.")
        }
        try session.cache.add(file, as: build.id)
        _ = try await ask([["hp_end_builds"], ["build_clean"]], on: build.host, log: log)
    }

    private var opening: [String] { ["hp_begin", run.id] }

    /// Asks what may be asked twice.
    private func ask(
        _ calls: [[String]], on host: String, payload: [RemoteScript.Payload] = [], log: BuildLog
    ) async throws(Failure) -> [Record] {
        let script = RemoteScript(ShellLibrary.host.script(calls: [opening] + calls), payload: payload)
        return try await records(on: host, log) { output throws(Failure) in
            try await fleet.run(script, on: host, deadline: Deadline(idle: 120, total: 3600), output: output)
        }
    }

    /// Makes a step that goes on without the connection.
    private func perform(
        _ calls: [[String]], as name: String, of build: Build, log: BuildLog
    ) async throws(Failure) -> [Record] {
        let name = "build-\(build.id.value)/step-" + name.replacing(" ", with: "-")
        let job = Job(name, .build, run: run.id, opening: opening, doing: calls)
        return try await records(on: build.host, log) { output throws(Failure) in
            try await fleet.finish(job, on: build.host, output: output)
        }
    }

    /// What a host said while something was done there; all else that it said goes into the log.
    private func records(
        on host: String, _ log: BuildLog,
        _ work: (@escaping @Sendable (OutputChunk) -> Void) async throws(Failure) -> RemoteResult
    ) async throws(Failure) -> [Record] {
        let events = session.events
        let records = Mutex<[Record]>([])
        let lines = Mutex(LineCutter())
        _ = try await work { chunk in
            guard case .standardOutput(let bytes) = chunk else { return }
            for line in lines.withLock({ $0.take(bytes) }) {
                if let record = Record(line: line) {
                    records.withLock { $0.append(record) }
                } else {
                    log.write(line)
                    events(.output(host: host, line: line))
                }
            }
        }
        return records.withLock { $0 }
    }

    /// - Parameter mark: where in the log what failed began.
    private func failure(
        _ build: Build, _ log: BuildLog, _ mark: Int, _ text: String, _ records: [Record]
    ) -> Failure {
        let death = records.first { $0.word == "die" }.map { ": \($0[1])" } ?? ""
        return Failure(
            .change, host: build.host, step: build.summary, summary: text + death,
            remedy:
                "The whole log is \(log.path) here. Nothing was installed by it, and nothing of it is left on \(build.host).",
            cause: log.reason(since: mark))
    }
}

/// One command of a build.
package struct BuildStep: Sendable, Equatable {
    /// Such as `configure`.
    package var name: String
    /// The command and its arguments; `{stage}` stands for the staging directory.
    package var words: [String]
    var isConfigure: Bool { name == "configure" }

    /// The commands of a recipe in order, with their environment.
    static func steps(of recipe: BuildRecipe, jobs: Int) -> [BuildStep] {
        let environment = recipe.environment.keys.sorted().map { "\($0)=\(recipe.environment[$0] ?? "")" }
        var steps: [BuildStep] = []
        if let words = recipe.configure {
            steps.append(BuildStep(name: "configure", words: ["env"] + environment + words))
        }
        steps.append(BuildStep(name: "make", words: ["env"] + environment + recipe.make(jobs: max(1, jobs))))
        steps.append(
            BuildStep(name: "make install", words: ["env"] + environment + recipe.install(destination: "{stage}")))
        return steps
    }
}
