import Inventory
import Texts

/// yum 3 of Enterprise Linux 7 and dnf of its successors: they take the same commands, and dnf answers to both names as a rule.
package struct Yum: PackageManager {
    package let name: String

    /// - Parameter name: what the host's users call it.
    package init(name: String = "yum") { self.name = name }

    package var prefix: String { "yum" }
    package var script: [UInt8] { PackageResources.yum_sh }
    package var tools: [String] { ["yum", "dnf", "rpm"] }

    package func missing(from tools: [String: Bool]) -> [String] {
        let either = tools["yum"] == true || tools["dnf"] == true
        return (either ? [] : ["yum or dnf"]) + (tools["rpm"] == true ? [] : ["rpm"])
    }

    package var installs: String { "package_install" }

    package func takes(_ source: PackageSource) -> Bool {
        switch source {
        case .host, .rpms, .vault: true
        case .debs: false
        }
    }

    package func question(_ names: [String]) -> [String] { ["package_resolve", "host"] + names }

    package func transaction(source: String, answer: String) -> PackageTransaction {
        PackageTransaction(source: source, yum: answer)
    }

    /// Yum 3 gives up where any enabled repository cannot be reached.
    package func fault(of repositories: [RepositoryFact]) -> String? {
        guard !repositories.isEmpty else { return "no repository is enabled." }
        let dead = repositories.filter { !$0.isReachable }
        guard !dead.isEmpty else { return nil }
        let retired =
            dead.contains { $0.url.contains("mirrorlist.centos.org") }
            ? " mirrorlist.centos.org has had no address since July 2024." : ""
        return "these repositories cannot be reached: "
            + dead.map { "\($0.id) (\($0.url))" }.joined(separator: ", ") + "." + retired
    }

    /// 3.0.7 of `openssl-devel-1:3.0.7-24.el9.x86_64`, 1.0.2 of `openssl-devel-1.0.2k-19.el7`.
    package func version(of package: String) -> String? {
        let parts = package.split(separator: "-")
        guard parts.count >= 3 else { return nil }
        let version = parts[parts.count - 2].split(separator: ":").last ?? ""
        let numbers = version.prefix { $0.isNumber || $0 == "." }
        return numbers.isEmpty ? nil : String(numbers)
    }

    /// `gcc-1:4.8.5-39.el7.x86_64` is gcc, and `gcc-c++-4.8.5-39.el7.x86_64` is not.
    package func isPackage(_ package: String, named name: String) -> Bool {
        package.hasPrefix(name + "-") && package.dropFirst(name.count + 1).first?.isNumber == true
    }
}

extension PackageTransaction {
    /// Reads what `yum --assumeno install` printed: all share the table, its headings differ.
    ///
    /// Yum 3 breaks a row where a name is too long for its column: the rest follows on the next line.
    fileprivate init(source: String, yum output: String) {
        self.init(source: source)
        var section: WritableKeyPath<PackageTransaction, [String]>?
        var pending: [String] = []
        var complaints: [(text: String, isFinal: Bool)] = []
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            let text = line.trimmingBlanks()
            let isFinal = Self.isProblem(text)
            if isFinal || Self.tellsOfTransfer(text), !complaints.contains(where: { $0.text == text }) {
                complaints.append((text, isFinal))
            }
            if text.hasPrefix("Transaction Summary") { break }
            if !line.hasPrefix(" "), text.hasSuffix(":") {
                section = Self.section(text)
                pending = []
                continue
            }
            guard let section, line.hasPrefix(" ") else { continue }
            let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
            // Below the package that takes its place: `replacing  NAME.ARCHITECTURE VERSION`.
            if pending.isEmpty, words.first == "replacing", words.count == 3, let dot = words[1].lastIndex(of: ".") {
                removals.append("\(words[1][..<dot])-\(words[2])\(words[1][dot...])")
                continue
            }
            // The same of dnf 5, with repository and size; one of its own name is the upgrade already.
            if pending.isEmpty, words.first == "replacing", words.count >= 5 {
                if section != \.upgrades { removals.append("\(words[1])-\(words[3]).\(words[2])") }
                continue
            }
            pending += words
            // Name, architecture, version, repository, size and its unit.
            guard pending.count >= 5 else { continue }
            let row = "\(pending[0])-\(pending[2]).\(pending[1])"
            if !self[keyPath: section].contains(row) { self[keyPath: section].append(row) }
            pending = []
        }
        // A mirror that cannot be reached is no problem where another one could.
        problems = complaints.filter { $0.isFinal || installs.isEmpty }.map(\.text)
    }

    private static func section(_ heading: String) -> WritableKeyPath<PackageTransaction, [String]>? {
        switch heading.lowercased().prefix(while: { $0 != " " && $0 != ":" }) {
        case "installing": \.installs
        case "upgrading", "updating", "downgrading", "reinstalling": \.upgrades
        case "removing", "replacing", "obsoleting": \.removals
        default: nil
        }
    }

    private static func isProblem(_ text: String) -> Bool {
        [
            "Error:", "Failed to resolve the transaction", "No package ", "No match for argument",
            "Unable to find a match", "Cannot find a valid baseurl",
        ]
        .contains { text.hasPrefix($0) } || text.contains("nothing provides") || text.hasPrefix("- ")
            || text.contains("Requires: ")
    }

    /// Why a repository could not be reached: `URL: [Errno 14] curl#6 - "…"`, and below a mirror list `14: curl#6 - "…"`.
    private static func tellsOfTransfer(_ text: String) -> Bool {
        text.contains("[Errno ") || text.hasPrefix("failure: ") || text.contains(/^[0-9]+: curl#/)
    }
}
