import Digests
import Inventory

/// What a plan is made from on the controller, as digests: SHA-256 in hexadecimal digits. Secrets are masked before, so that none
/// can be guessed from them; nor is it seen where nothing but a secret changed.
package struct PlanInputs: Sendable, Equatable, Codable {
    /// Of its text.
    package var inventory: String
    /// Of the playbook and its templates.
    package var playbooks: String
    /// Of each product's tarball and of how it is compiled.
    package var tarballs: [String: String]
    /// Of the operator's own configuration; nil where haprov writes it.
    package var configuration: String?

    /// - Parameters:
    ///   - inventory: its text.
    ///   - tarballs: digests by product.
    ///   - own: the operator's own configuration, where there is one.
    ///   - mask: hides the secrets.
    package init(
        inventory: String, playbooks: PlaybookFolder, tarballs: [String: String], own: OwnConfiguration? = nil,
        mask: SecretMask
    ) {
        self.inventory = Self.digest(inventory, mask)
        self.playbooks = Self.digest(playbooks.text, mask)
        self.tarballs = tarballs
        configuration = own.map { own in
            let folders = [("", own.files)] + own.hostFiles.sorted { $0.key < $1.key }
            let lines = folders.flatMap { folder, files in
                files.sorted { $0.key < $1.key }.map { path, content in
                    "\(folder)/\(path) " + Self.digest(String(decoding: content, as: UTF8.self), mask)
                }
            }
            return SHA256.hex(Array(lines.joined(separator: "\n").utf8))
        }
    }

    /// Of all of them together.
    package var digest: String {
        let lines =
            [inventory, playbooks] + tarballs.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            + [configuration].compactMap { $0 }
        return SHA256.hex(Array(lines.joined(separator: "\n").utf8))
    }

    /// What is another by now, in words.
    package func changes(since old: PlanInputs) -> [String] {
        var changes: [String] = []
        if inventory != old.inventory { changes.append("the inventory has changed") }
        if playbooks != old.playbooks { changes.append("the playbooks have changed") }
        if configuration != old.configuration { changes.append("HAProxy's configuration has changed") }
        for product in Set(tarballs.keys).union(old.tarballs.keys).sorted()
        where tarballs[product] != old.tarballs[product] {
            changes.append("the tarball of \(product), or how it is compiled, has changed")
        }
        return changes
    }

    private static func digest(_ text: String, _ mask: SecretMask) -> String {
        SHA256.hex(Array(mask.masked(text).utf8))
    }
}
