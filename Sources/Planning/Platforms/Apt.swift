import Inventory
import Texts

/// apt-get and dpkg of Debian 11 and later, and of Ubuntu 20.04 and later. apt-get(8).
package struct Apt: PackageManager {
    package init() {}

    package var name: String { "apt" }
    package var script: [UInt8] { PackageResources.apt_sh }
    package var tools: [String] { ["apt-get", "dpkg"] }
    package var installs: String { "apt_install" }

    package func takes(_ source: PackageSource) -> Bool {
        switch source {
        case .host, .debs: true
        case .rpms, .vault: false
        }
    }

    package func question(_ names: [String]) -> [String] { ["apt_resolve"] + names }

    /// Reads what `apt-get --simulate install` printed: a line a package.
    ///
    ///     Inst gcc (4:12.2.0-3 Debian:12.9/stable [amd64])
    ///     Inst libssl3 [3.0.11-1] (3.0.15-1 Debian:12.9/stable [amd64]) []
    ///     Remv exim4 [4.96-15]
    package func transaction(source: String, answer: String) -> PackageTransaction {
        var transaction = PackageTransaction(source: source)
        var complaints: [(text: String, isOfLists: Bool)] = []
        var isExplaining = false
        var areListsFetched = false
        func complain(_ line: Substring) { complaints.append((line.trimmingBlanks(), !areListsFetched)) }
        for line in answer.split(separator: "\n") {
            if line == "haprov: lists are fetched" { areListsFetched = true }
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case "Inst" where words.count > 2:
                let old = words[2].hasPrefix("[")
                guard let version = words.dropFirst(old ? 3 : 2).first?.drop(while: { $0 == "(" }) else { continue }
                let package = "\(words[1])_\(version)"
                if old { transaction.upgrades.append(package) } else { transaction.installs.append(package) }
            case "Remv" where words.count > 1:
                transaction.removals.append(
                    words.count > 2 ? "\(words[1])_\(words[2].filter { $0 != "[" && $0 != "]" })" : words[1])
            case "E:", "W:":
                isExplaining = false
                complain(line)
            default:
                // What stands in the way, package by package, each indented below this line.
                if line.hasPrefix("The following packages have unmet dependencies") {
                    isExplaining = true
                } else if isExplaining, line.hasPrefix(" ") {
                    complain(line)
                } else {
                    isExplaining = false
                }
            }
        }
        // A list that cannot be fetched is no problem where the packages are found all the same.
        transaction.problems = complaints.filter {
            transaction.installs.isEmpty || $0.text.hasPrefix("E: ") && !$0.isOfLists
        }.map(\.text)
        return transaction
    }

    /// apt goes on with what it reaches.
    package func fault(of repositories: [RepositoryFact]) -> String? {
        guard !repositories.isEmpty else { return "no source of packages is named on it." }
        guard !repositories.contains(where: \.isReachable) else { return nil }
        return "none of its sources of packages can be reached: "
            + repositories.map { "\($0.url) (\($0.id))" }.joined(separator: ", ") + "."
    }

    /// 3.0.15 of `libssl-dev_3.0.15-1~deb12u1`, 12.2.0 of `gcc_4:12.2.0-3`.
    package func version(of package: String) -> String? {
        guard let underscore = package.firstIndex(of: "_") else { return nil }
        let version = package[package.index(after: underscore)...].split(separator: ":").last ?? ""
        let numbers = version.prefix { $0.isNumber || $0 == "." }
        return numbers.isEmpty ? nil : String(numbers)
    }

    package func isPackage(_ package: String, named name: String) -> Bool { package.hasPrefix(name + "_") }
}
