import Errors
import Foundation
import Planning
import Provisioning

/// A folder that haprov brings along, `Playbooks` or `Assets`: inside the program, as it is given out, or in the source tree
/// that it was built in.
struct ShippedFolder {
    /// What it holds, by name.
    let texts: [String: String]
    /// As faults name it.
    let place: String

    static func playbooks() throws(Failure) -> ShippedFolder { try ShippedFolder("Playbooks") }

    static func assets() throws(Failure) -> ShippedFolder { try ShippedFolder("Assets") }

    private init(_ name: String) throws(Failure) {
        if let inside = BuiltIn.here {
            place = "\(name) (in haprov itself)"
            let texts = inside.names(in: name).map { ($0, inside.text("\(name)/\($0)") ?? "") }
            self.texts = Dictionary(uniqueKeysWithValues: texts)
            return
        }
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let manager = FileManager.default
        repeat {
            folder.deleteLastPathComponent()
            guard folder.path != "/" else {
                throw Failure(
                    .input, step: "start", summary: "this haprov was built without its own \(name)",
                    remedy: "Take the one that `make dist` makes, which has everything inside.")
            }
        } while !manager.fileExists(atPath: folder.appendingPathComponent("Package.swift").path)
        let path = folder.appendingPathComponent(name).path
        let names = (try? manager.contentsOfDirectory(atPath: path)) ?? []
        place = path
        texts = Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, String(decoding: manager.contents(atPath: "\(path)/\(name)") ?? Data(), as: UTF8.self))
            })
    }

    /// - Throws: where there is no such file.
    func text(_ name: String) throws(Failure) -> String {
        guard let text = texts[name] else {
            throw Failure(
                .input, step: "start", summary: "\(place) has no \(name)", remedy: "Install haprov again.")
        }
        return text
    }
}

extension PlaybookFolder {
    /// haprov's own.
    static func shipped() throws(Failure) -> PlaybookFolder {
        let folder = try ShippedFolder.playbooks()
        return PlaybookFolder(
            balancer: try folder.text("balancer.yml"), file: folder.place + "/balancer.yml",
            templates: folder.texts.filter { $0.key.hasSuffix(".mustache") })
    }
}

extension AssetManifest {
    /// haprov's own, and the operator's among the tarballs.
    static func shipped(assets: String) throws(Failure) -> AssetManifest {
        let folder = try ShippedFolder.assets()
        return try load(try folder.text("manifest.yml"), file: folder.place + "/manifest.yml", assets: assets)
    }
}
