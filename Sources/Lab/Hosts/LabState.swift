import Errors
import Foundation

/// What a lab was made from and what it was told since; on disk, so that any later command and any crash finds it.
struct LabState: Codable, Equatable {
    var plan: LabPlan
    var image: LabImage
    /// Those of hosts that have a flavour of their own, by name.
    var hostImages: [String: LabImage]?
    /// The text of the lab's inventory.
    var inventory: String
    /// Whether every host has been up once.
    var isComplete: Bool
    /// Hosts whose cable is cut.
    var cut: Set<String> = []
    /// Hosts without power.
    var off: Set<String> = []

    func image(of host: LabHost) -> LabImage { hostImages?[host.name] ?? image }

    /// Reads a lab's state; nil where there is none, or none that can be read.
    static func load(_ paths: LabPaths) -> LabState? {
        guard let data = FileManager.default.contents(atPath: paths.state) else { return nil }
        return try? JSONDecoder().decode(LabState.self, from: data)
    }

    func save(_ paths: LabPaths) throws(Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            throw Failure(
                .change, step: "lab state", summary: "it cannot be encoded",
                remedy: "`haprov lab down`, then `haprov lab up` again.")
        }
        try Files.write(String(decoding: data, as: UTF8.self) + "\n", to: paths.state, mode: 0o600)
    }
}
