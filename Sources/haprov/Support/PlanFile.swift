import Errors
import Foundation
import Planning
import Provisioning

/// A plan in a file: what `plan --out` saves, and `apply` carries out exactly or not at all. No secret is in it.
struct PlanFile: Codable {
    /// What stands in it.
    var format = 1
    /// The version of the haprov that made it.
    var haprov: String
    /// ISO 8601, UTC.
    var made: String
    /// `user@machine`.
    var by: String
    /// Where the inventory is: absolute, and from the file's own folder.
    var inventory: String
    var inventoryFromHere: String
    /// The names of `--limit` and `--without`, as they were given.
    var limit: String?
    var without: String?
    var inputs: PlanInputs
    var plan: AgreedPlan

    enum CodingKeys: String, CodingKey {
        case format = "haprov_plan"
        case haprov, made, by, inventory, inventoryFromHere, limit, without, inputs, plan
    }

    private static let beginning = #"{"haprov_plan":"#

    /// Reads a plan's file.
    ///
    /// - Returns: nil where the file is none, such as an inventory.
    /// - Throws: where it is one that this haprov cannot read.
    static func read(_ path: String) throws(Failure) -> PlanFile? {
        guard isOne(path), let data = FileManager.default.contents(atPath: path) else { return nil }
        let decoder = JSONDecoder()
        guard let format = try? decoder.decode(Format.self, from: data).format else {
            throw refusal(path, "is damaged")
        }
        guard format == 1 else { throw refusal(path, "was made by a newer haprov") }
        guard let plan = try? decoder.decode(PlanFile.self, from: data) else { throw refusal(path, "is damaged") }
        return plan
    }

    /// Reads one that a command is given in the place of an inventory, and lets the command work on what it was made from.
    static func read(
        _ inventory: inout String?, for options: inout WorkspaceOptions, _ leaving: inout WithoutOptions
    ) throws(Failure) -> PlanFile? {
        guard let path = inventory, let file = try read(path) else { return nil }
        guard options.limit == nil, leaving.without == nil else {
            throw Failure(
                .input, step: "agreed plan", summary: "\(path) says itself which balancers it is for",
                remedy: "Leave --limit and --without out.")
        }
        inventory = file.inventory(besides: path)
        options.limit = file.limit
        leaving.without = file.without
        return file
    }

    private struct Format: Codable {
        var format: Int

        enum CodingKeys: String, CodingKey { case format = "haprov_plan" }
    }

    /// By its first bytes.
    private static func isOne(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        return (try? file.read(upToCount: beginning.utf8.count)) == Data(beginning.utf8)
    }

    private static func refusal(_ path: String, _ what: String) -> Failure {
        Failure(
            .input, step: "plan", summary: "\(path) is a plan of haprov's, and \(what)",
            remedy: "Make it anew: `haprov plan --out \(path)`.")
    }

    /// - Throws: where something else is there, which nobody wants to lose.
    static func refuseOther(at path: String) throws(Failure) {
        guard FileManager.default.fileExists(atPath: path), !isOne(path) else { return }
        throw Failure(
            .input, step: "plan --out", summary: "\(path) is there already, and it is no plan of haprov's",
            remedy: "Name another file.")
    }

    /// Writes it in one piece, for its owner alone.
    func write(to path: String) throws(Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let new = "\(path).new"
        do {
            let text = String(decoding: try encoder.encode(self), as: UTF8.self)
            // What it is stands first, where all can tell it from an inventory.
            let fields = text.dropFirst().replacing(/\n *"haprov_plan" *: *\d+,/, with: "", maxReplacements: 1)
            try? FileManager.default.removeItem(atPath: new)
            guard
                FileManager.default.createFile(
                    atPath: new, contents: Data("\(Self.beginning)\(format),\(fields)\n".utf8),
                    attributes: [.posixPermissions: 0o600]), rename(new, path) == 0
            else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            try? FileManager.default.removeItem(atPath: new)
            throw Failure(
                .input, step: "plan --out", summary: "\(path) cannot be written",
                remedy: "Look at the rights of its folder, and whether there is room.")
        }
    }

    /// The inventory: as seen from the file, which may have come here with it, or else where it was.
    func inventory(besides path: String) -> String {
        let near = Self.folder(of: path) + "/" + inventoryFromHere
        return FileManager.default.fileExists(atPath: near) ? near : inventory
    }

    /// The path of a file as seen from the folder of another.
    static func path(of file: String, from other: String) -> String {
        let target = Self.folder(of: file).split(separator: "/")
        let here = Self.folder(of: other).split(separator: "/")
        let common = zip(target, here).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: here.count - common)
        let name = URL(fileURLWithPath: file).lastPathComponent
        return (up + target[common...].map(String.init) + [name]).joined(separator: "/")
    }

    private static func folder(of path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    }
}

extension PlanFile {
    /// What was surveyed.
    ///
    /// - Parameter path: of the file that it will be.
    init(_ survey: Survey, workspace: Workspace, limit: String?, without: String?, path: String) {
        let inventory = URL(fileURLWithPath: workspace.file.path).standardizedFileURL.path
        self.init(
            haprov: Version.text, made: Clock.now(), by: RunIdentity.person, inventory: inventory,
            inventoryFromHere: Self.path(of: inventory, from: path), limit: limit, without: without,
            inputs: workspace.inputs, plan: workspace.agreed(survey))
    }

    /// - Throws: where the inventory, the playbooks or a tarball are others by now.
    func refuse(_ now: PlanInputs) throws(Failures) {
        try Self.refuse(now.changes(since: inputs).map { PlanDifference(text: $0) })
    }

    /// - Throws: everything in which a plan is another than this one.
    func refuse(_ now: AgreedPlan) throws(Failures) { try Self.refuse(now.differences(from: plan)) }

    private static func refuse(_ differences: [PlanDifference]) throws(Failures) {
        guard !differences.isEmpty else { return }
        throw Failures(
            differences.map { difference in
                Failure(
                    .preflight, host: difference.host, step: "agreed plan",
                    summary: "\(difference.text) since the plan was made",
                    remedy: "Nothing was done. `haprov plan --out` makes a new plan to agree to; --assets and "
                        + "--playbooks have to be the same for both.")
            })
    }
}
