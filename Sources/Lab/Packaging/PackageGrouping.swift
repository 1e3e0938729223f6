/// Turns Debian packages and their files into RPMs under the names that Enterprise Linux gives them.
struct PackageGrouping {
    var names: PackageNames
    /// Every Debian package that may be depended on: the base's and the payload's.
    var known: [String: DebianPackage]

    init(names: PackageNames, packages: [DebianPackage]) {
        self.names = names
        known = Dictionary(packages.map { ($0.name, $0) }) { first, _ in first }
    }

    /// - Parameter files: what each Debian package brings.
    /// - Returns: RPMs sorted by name; each Debian package's dependencies, translated, are the RPM's.
    func rpms(of packages: [DebianPackage], files: [String: [RPMPackage.File]]) -> [RPMPackage] {
        var grouped: [String: RPMPackage] = [:]
        let owned = Set(names.own.flatMap(\.files))
        for package in packages {
            guard let name = names.rpm(for: package.name) else { continue }
            add(package, to: name, &grouped)
            if let split = names.splits[package.name] { add(package, to: split.name, &grouped) }
            for requirement in requirements(of: package) where requirement.name != name {
                grouped[name]?.requires.append(requirement.text)
            }
            for file in files[package.name] ?? [] where !owned.contains(file.path) {
                guard let target = names.rpm(for: package.name, file: file.path) else { continue }
                grouped[target]?.files.append(file)
            }
        }
        return grouped.values.map(finished).sorted { $0.name < $1.name }
    }

    /// The RPMs of files that no Debian package owns.
    func ownRPMs() -> [RPMPackage] {
        names.own.map { own in
            finished(
                RPMPackage(
                    name: own.name, version: own.version, release: own.release, requires: [], provides: [],
                    files: own.files.map { RPMPackage.File(path: $0, isDirectory: false) }))
        }
    }

    private func add(_ package: DebianPackage, to name: String, _ grouped: inout [String: RPMPackage]) {
        let leads = names.leaders[name].map { $0 == package.name } ?? true
        let (version, release) = RPMPackage.version(debian: package.version)
        if grouped[name] == nil {
            grouped[name] = RPMPackage(
                name: name, version: version, release: release, requires: [], provides: [], files: [])
        } else if leads {
            grouped[name]?.version = version
            grouped[name]?.release = release
        }
    }

    private func finished(_ package: RPMPackage) -> RPMPackage {
        var result = package
        result.requires = Array(Set(package.requires + (names.requires[package.name] ?? []))).sorted()
        result.provides = names.provides[package.name] ?? []
        result.scripts = names.scripts[package.name] ?? []
        result.files = Array(Set(package.files)).sorted { $0.path < $1.path }
        return result
    }

    private func requirements(of package: DebianPackage) -> [(name: String, text: String)] {
        package.dependencies.compactMap { alternatives in
            guard let met = alternatives.first(where: { known[$0.name] != nil }),
                let name = names.rpm(for: met.name)
            else { return nil }
            // Exact only where the RPM carries that very version: it may be made of several Debian packages.
            guard let exact = met.exactVersion, names.leaders[name] == met.name else { return (name, name) }
            let (version, release) = RPMPackage.version(debian: exact)
            return (name, "\(name) = \(version)-\(release)")
        }
    }
}
