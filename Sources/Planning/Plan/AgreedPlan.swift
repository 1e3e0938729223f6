import Digests

/// What somebody has looked at and agrees to: a plan without any secret, to be kept in a file.
package struct AgreedPlan: Sendable, Equatable, Codable {
    package var cluster: String
    package var builds: [Build]
    /// By name: in which order they come follows from who holds the VIP, which may move.
    package var hosts: [String: Host]
    /// What was said beside the changes; it decides nothing.
    package var notes: [String]

    /// What is done to one host.
    package struct Host: Sendable, Equatable, Codable {
        /// In order, those of ``HostPlan/beforeBuild`` first.
        package var steps: [Step]
        /// What its package manager says it would do; nil where it lacks no package.
        package var packages: PackageTransaction?
    }

    /// A change or a check.
    package struct Step: Sendable, Equatable, Codable {
        /// When it is due: `before builds`, `prepare`, `roll out` or `together`.
        package var phase: String
        /// Empty for a check.
        package var resource: String
        package var summary: String
        /// The host function and its arguments.
        package var call: [String]
        /// SHA-256 of what travels to the host, secrets masked, in hexadecimal digits, or the identity of a build; `secret` where
        /// it is not to be shown at all; nil where nothing does.
        package var content: String?
        /// A unified diff, secrets masked.
        package var diff: String?
    }

    /// - Parameters:
    ///   - transactions: by host.
    ///   - mask: hides the secrets.
    package init(_ plan: Plan, transactions: [String: PackageTransaction], mask: SecretMask) {
        cluster = plan.cluster
        builds = plan.builds
        notes = plan.notes.map(mask.masked)
        hosts = [:]
        for host in plan.hosts {
            let phases = [
                ("before builds", host.beforeBuild), ("prepare", host.prepare), ("roll out", host.rollout),
                ("together", host.together),
            ]
            let steps = phases.flatMap { phase, steps in steps.map { Step($0, phase: phase, mask: mask) } }
            guard !steps.isEmpty else { continue }
            hosts[host.host] = Host(steps: steps, packages: transactions[host.host])
        }
    }

    /// The host that compiles, where it is one.
    package var builder: String? {
        let all = Set(builds.map(\.host))
        return all.count == 1 ? all.first : nil
    }
}

extension AgreedPlan.Step {
    fileprivate init(_ step: Step, phase: String, mask: SecretMask) {
        self.phase = phase
        summary = mask.masked(step.summary)
        resource = ""
        switch step {
        case .check(let check): call = [check.function] + check.arguments.map(mask.masked)
        case .undo(let undo): call = [undo.run, undo.number]
        case .change(let change):
            resource = mask.masked("\(change.subject)")
            diff = change.diff.map(mask.masked)
            var arguments = change.arguments
            switch change.content {
            case .none: break
            case .artifact(let build): content = build.value
            case .program(let program): content = program.sha256
            case .bytes(let bytes):
                let shown = Self.digest(of: bytes, isSecret: change.isSecret, mask)
                // Short secrets can be guessed from a digest of all.
                let whole = SHA256.hex(bytes)
                arguments = arguments.map { $0 == whole ? shown : $0 }
                content = shown
            }
            call = [change.function] + arguments.map(mask.masked)
        }
    }

    private static func digest(of bytes: [UInt8], isSecret: Bool, _ mask: SecretMask) -> String {
        if isSecret { return "secret" }
        let text = String(decoding: bytes, as: UTF8.self)
        let masked = mask.masked(text)
        return SHA256.hex(masked == text ? bytes : Array(masked.utf8))
    }
}
