import Errors
import Inventory

/// What SELinux would keep programs from.
struct SELinuxCheck: PreflightCheck {
    let name = "SELinux"

    func remarks(_ look: HostLook) -> [String] { [look.preflight.confinement(look.facts)].compactMap { $0 } }

    func found(_ look: HostLook) -> String? { look.facts.selinux ?? "not there" }
}

/// Whether packages can be had.
struct RepositoriesCheck: PreflightCheck {
    let name = "repositories"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] { [ProbeQuery("probe_repositories")] }

    /// Whether any package has to be installed, and from where, is for the plan to say.
    func notes(_ look: HostLook) -> [String] {
        guard look.cluster.packages == .host else { return [] }
        let manager = look.preflight.platforms.working(look.facts.system).packageManager
        return manager.fault(of: look.facts.repositories).map { ["nothing can be had from its own: \($0)"] } ?? []
    }

    func found(_ look: HostLook) -> String? {
        guard look.cluster.packages == .host, notes(look).isEmpty else { return nil }
        let ids = look.facts.repositories.filter(\.isReachable).map(\.id)
        return ids.isEmpty ? nil : "\(ids.joined(separator: ", ")) can be reached"
    }
}

/// What programs are compiled by, should this be the host for it.
struct CompilersCheck: PreflightCheck {
    let name = "compilers"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] {
        preflight.cluster.compiledProducts.isEmpty ? [] : [ProbeQuery("probe_compilers")]
    }

    func found(_ look: HostLook) -> String? {
        guard !look.cluster.compiledProducts.isEmpty else { return nil }
        let tools = look.facts.compilers
        return tools.isEmpty ? "none; where this host compiles, `apply` installs them" : tools.joined(separator: ", ")
    }
}

/// What is there already of that which is to be put there.
struct ResourcesCheck: PreflightCheck {
    let name = "what is there"

    func remarks(_ look: HostLook) -> [String] {
        (look.preflight.resources[look.host.name]?.all ?? []).flatMap { $0.remarks(facts: look.facts) }
    }

    func found(_ look: HostLook) -> String? { nil }
}

/// Who is at work on the host.
struct LockCheck: PreflightCheck {
    let name = "lock"

    func failures(_ look: HostLook) -> [Failure] {
        guard let lock = look.facts.lock, !lock.isAbandoned else { return [] }
        return [Failure(.locked, host: look.host.name, step: "lock", summary: lock.text, remedy: lock.remedy)]
    }

    func found(_ look: HostLook) -> String? {
        look.facts.lock == nil ? "nobody is at work there" : "left by a run that is dead"
    }
}
