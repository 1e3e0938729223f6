import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Steps for one host, made into one job: everything that it needs arrives before its first change is made, so that
/// a lost link cannot leave half a file.
struct Batch: Sendable {
    private let run: RunIdentity
    private let name: String
    /// What begins the run in the journal.
    private let opening: [String]
    /// Before the steps: their entries in the journal.
    private var head: [[String]] = []
    private var body: [[String]] = []
    /// What brings the steps' contents, in the order in which it is read.
    var payload: [RemoteScript.Payload] = []
    /// Functions that the journal calls by the names in its entries.
    private var roots: [String] = []
    /// Summaries by the number that the host reports.
    var summaries: [String: String]

    /// - Parameters:
    ///   - sequence: tells this batch from the others of the run on this host.
    ///   - first: the number of the first change in the run's journal on this host.
    ///   - members: the balancers of the inventory, which the journal shall know.
    ///   - artifact: where the controller keeps a compiled tree: path and size.
    init(
        steps: [Step], sequence: Int, first: Int, run: RunIdentity, cluster: String, members: [Host] = [],
        artifact: (BuildID) throws(Failure) -> (path: String, size: Int)
    ) throws(Failure) {
        self.run = run
        name = "\(run.id)-\(sequence)"
        opening = run.opening(cluster: cluster, members: members)
        if first == 1, steps.contains(where: { $0.change != nil }) {
            let functions = Array(ShellLibrary.undoing.utf8)
            head.append(["hp_keep_functions", "\(functions.count)"])
            payload.append(.bytes(functions))
        }
        var segment: [String] = []
        var number = first
        var checks = 0
        summaries = [:]
        func endSegment() {
            guard !segment.isEmpty else { return }
            body.append(["hp_segment"] + segment)
            segment = []
        }
        // What was undone together is settled together: each time all disks are waited for. What takes long is not done twice.
        var unsettled = false
        func settle() {
            if unsettled { body.append(["hp_settle"]) }
            unsettled = false
        }
        for step in steps {
            switch step {
            case .change(let change):
                settle()
                let name = Self.name(number)
                number += 1
                var size = 0
                switch change.content {
                case .none: break
                case .bytes(let bytes):
                    payload.append(.bytes(bytes))
                    size = bytes.count
                case .artifact(let id):
                    let file = try artifact(id)
                    payload.append(.file(path: file.path, size: file.size))
                    size = file.size
                case .program(let program):
                    payload.append(program.payload)
                    size = program.size
                }
                let diff = Array((change.diff ?? "").utf8)
                if !diff.isEmpty { payload.append(.bytes(diff)) }
                head.append(
                    [
                        "hp_entry", name, change.function, "\(change.subject)", change.summary, "\(size)",
                        "\(diff.count)",
                    ] + change.arguments)
                roots += ["_save", "_do"].map { change.function + $0 }
                summaries[name] = change.summary
                if change.isBarrier { endSegment() }
                segment.append(name)
                if change.isBarrier { endSegment() }
            case .check(let check):
                endSegment()
                settle()
                checks += 1
                let name = "check\(first)-\(checks)"
                body.append(["hp_check", name, check.function] + check.arguments)
                summaries[name] = check.summary
            case .undo(let undo):
                endSegment()
                unsettled = true
                body.append(
                    undo.marksOnly
                        ? ["hp_mark_undone", undo.run, undo.number]
                        : ["hp_undo", undo.run, undo.number, undo.owner.rawValue])
                if undo.owner == .own { roots = ResourceKinds.undoFunctions }
                summaries["\(undo.run)/\(undo.number)"] = undo.summary
                if undo.change?.isBarrier == true, step.unitChange == nil { settle() }
            }
        }
        endSegment()
        settle()
        // Before another host's turn comes.
        if number > first { body.append(["hp_flush"]) }
    }

    /// Puts calls before the steps; their payload comes after that of the steps' contents, so they stand after them.
    mutating func insert(prelude: [[String]], payload: [RemoteScript.Payload]) {
        head += prelude
        self.payload += payload
    }

    /// Calls that the steps find made: what they set stays set.
    mutating func begin(with calls: [[String]]) { body = calls + body }

    var job: Job {
        Job(
            name, .change, run: run.id, opening: opening, receiving: head, doing: body, calling: roots, payload: payload
        )
    }

    static func name(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
