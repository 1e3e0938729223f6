import Inventory

/// How the products of a cluster are compiled: the inventory's versions joined with the manifest and the tarballs.
public struct Recipes: Sendable {
    public var runtimePackages: [String: [String]] = [:]
    public var buildPackages: [String] = []
    func products(cache: ArtifactCache) -> [Planner.Product] { [] }
    func tarball(_ product: String) throws(Failure) -> String { "" }
    func recipe(_ product: String, compiler: Int?) throws(Failure) -> BuildCommands { BuildCommands() }
}

/// One product's commands for one compiler.
public struct BuildCommands: Sendable, Equatable {
    public struct Check: Sendable, Equatable {
        public var program: String
        public var arguments: [String]
        public var shows: [String]
    }
    public var steps: [BuildStep] = []
    public var checks: [Check] = []
    func missing(in output: String) -> [String] { [] }
}
