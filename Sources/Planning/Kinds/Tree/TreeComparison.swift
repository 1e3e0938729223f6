/// What a change of a tree is, for people.
struct TreeComparison {
    let path: String
    let mask: SecretMask
    let found: TreeFact
    /// How many files a sentence names.
    private static let named = 6

    func summary(_ changed: [TreeFile], removed: [String], checker: String) -> String {
        let (old, new) = (
            changed.filter { found.files[$0.path] != nil }, changed.filter { found.files[$0.path] == nil }
        )
        let parts = [("create", new.map(\.path)), ("change", old.map(\.path)), ("remove", removed)]
            .filter { !$0.1.isEmpty }.map { "\($0.0) \(list($0.1))" }
        return parts.joined(separator: ", ") + " below \(path)" + (checker.isEmpty ? "" : " (checked by \(checker))")
    }

    private func list(_ paths: [String]) -> String {
        let shown = paths.prefix(Self.named).joined(separator: ", ")
        return paths.count > Self.named ? "\(shown) and \(paths.count - Self.named) more" : shown
    }

    /// Of each file, one after the other.
    func diff(_ changed: [TreeFile], removed: [String]) -> String {
        changed.map(diff).joined() + removed.map { "--- \(path)/\($0)\n(removed)\n" }.joined()
    }

    private func diff(_ file: TreeFile) -> String {
        let whole = "\(path)/\(file.path)"
        let old = found.files[file.path]
        func words(_ text: String) -> String { "--- \(whole)\n+++ \(whole)\n(\(text))\n" }
        let sizes = "\(file.content.count) bytes" + (old.map { ", \($0.size) before" } ?? "")
        if let old, old.kind == .file, old.digest == file.digest {
            return words("\(old.mode) \(old.owner):\(old.group) becomes \(file.mode) root")
        }
        if file.isSecret || old?.mode == "0600" { return words("secret: \(sizes)") }
        guard let text = String(validating: file.content, as: UTF8.self) else { return words("not a text: \(sizes)") }
        if let old, old.kind == .file, old.content == nil { return words("large: \(sizes)") }
        let before = mask.masked(String(decoding: old?.content ?? [], as: UTF8.self))
        return TextDiff.unified(from: before, to: mask.masked(text), path: whole) ?? words("only secrets differ")
    }
}
