import Errors
import Texts

/// What yum says it would do, before it does it.
package struct PackageTransaction: Sendable, Equatable {
    /// `host`, or the directory on the host that holds the only repository file to use.
    package var source: String
    /// `name-version.arch`.
    package var installs: [String] = []
    package var upgrades: [String] = []
    package var removals: [String] = []
    /// Yum's own complaints, where it could not resolve the names.
    package var problems: [String] = []

    package init(source: String) { self.source = source }

    /// Reads what `yum --assumeno install` printed: yum 3 and dnf 4 share the table, its headings differ.
    ///
    /// Yum 3 breaks a row where a name is too long for its column: the rest follows on the next line.
    package init(source: String, output: String) {
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
        ["Error:", "No package ", "No match for argument", "Unable to find a match", "Cannot find a valid baseurl"]
            .contains { text.hasPrefix($0) } || text.contains("nothing provides") || text.hasPrefix("- ")
            || text.contains("Requires: ")
    }

    /// Why a repository could not be reached: `URL: [Errno 14] curl#6 - "…"`, and below a mirror list `14: curl#6 - "…"`.
    private static func tellsOfTransfer(_ text: String) -> Bool {
        text.contains("[Errno ") || text.hasPrefix("failure: ") || text.contains(/^[0-9]+: curl#/)
    }

    /// - Throws: where the transaction would not bring the packages, or would do more than add some.
    package func refuseUnlessFit(for names: [String], context: PlanContext) throws(Failure) {
        let step = "package \(names.joined(separator: " "))"
        if installs.isEmpty || !problems.isEmpty {
            throw Failure(
                .preflight, host: context.host.name, step: step,
                summary: "yum finds no way to install \(names.joined(separator: ", "))",
                remedy: PackageSourceAdvice.threeWays,
                cause: problems.isEmpty ? nil : problems.joined(separator: "\n"))
        }
        guard context.cluster.allowUpgrades || (upgrades.isEmpty && removals.isEmpty) else {
            throw Failure(
                .preflight, host: context.host.name, step: step,
                summary: "yum would replace installed packages, which cannot be taken back: "
                    + (upgrades + removals).joined(separator: ", "),
                remedy: "Use RPMs of this host's own minor release (\(PackageSourceAdvice.rpms)), "
                    + "or write `allow_upgrades: true` into the inventory.")
        }
    }
}

/// What to do where the host's own repositories do not work.
package enum PackageSourceAdvice {
    package static let rpms = "`packages: { rpms: DIR }` with a folder of RPMs on this machine"
    package static let threeWays =
        "Choose one in the inventory: repair the host's own repositories (`packages: host`); \(rpms), which needs no "
        + "network; or `packages: vault`, where the host can reach vault.centos.org."
}
