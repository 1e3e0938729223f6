import Inventory
import Synchronization

/// The variables of the environment that hold secrets, as far as the inventory names them: no program that haprov starts
/// inherits them.
enum SecretVariables {
    private static let known = Mutex<Set<String>>([])

    static var names: Set<String> { known.withLock { $0 } }

    static func add(of cluster: Cluster) {
        let settings = cluster.hosts.map(\.ssh)
        let secrets =
            cluster.instances.map(\.password) + settings.map(\.password) + settings.map { $0.become?.password }
            + cluster.secrets.values.map(Optional.some)
        var found = Set(settings.compactMap(\.passphraseVariable))
        for case .environment(let name)? in secrets { found.insert(name) }
        known.withLock { $0.formUnion(found) }
    }
}
